// Reads one project.yaml in a thread of its own, for `read-pipeline.ts`, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { readPipeline } from '@glovebox/pipeline';

parentPort?.postMessage(readPipeline(String(workerData), 'project.yaml'), []);
