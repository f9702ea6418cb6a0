// Loaded into a process of a test before anything else (`node --import`): its clock shows the machine's time plus as many
// seconds as stand in the file that GLOVEBOX_CLOCK_FILE names, so that the clock can be set while the process runs.
import { readFileSync } from 'node:fs';

const file = process.env.GLOVEBOX_CLOCK_FILE;
const MachineDate = Date;
const shift = () => Number(readFileSync(file, 'utf8')) * 1000;

globalThis.Date = class extends MachineDate {
  constructor(...args) {
    if (args.length === 0) super(MachineDate.now() + shift());
    else super(...args);
  }
  static now() {
    return MachineDate.now() + shift();
  }
};
