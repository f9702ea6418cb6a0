// `glovebox ehrql isolation-report`: what a definition can do to this machine, found out by letting one try. Each attempt is
// made by a definition in the same confinement that every other definition gets.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateDefinition } from '@glovebox/language';
import { bubblewrapSandbox } from '@glovebox/sandbox';
import type { Terminal } from '../../command-line.js';

/** Python that raises when it is not possible. `SECRET` is a file of this machine outside the study. */
const attempts = {
  read_own_folder: 'open("definition.py").read()',
  read_outside_study: 'open(SECRET).read()',
  write_file: 'open("written.txt", "w").write("x")',
  delete_file: 'import os; os.remove("definition.py")',
  see_environment: 'import os; assert "GLOVEBOX_ISOLATION_REPORT" in os.environ',
  open_network_connection: 'import socket; socket.create_connection(("127.0.0.1", PORT), 2)',
  run_process: 'import subprocess; subprocess.run(["/bin/true"], check=True)',
} as const;

export async function isolationReport(terminal: Terminal): Promise<void> {
  const sandbox = bubblewrapSandbox();
  const missing = await sandbox.probe();
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-isolation-'));
  const { server, port } = await listen();
  process.env['GLOVEBOX_ISOLATION_REPORT'] = 'set';
  try {
    const secret = join(folder, 'secret.txt');
    writeFileSync(secret, 'x');
    const found: Record<string, 'allowed' | 'blocked'> = {};
    for (const [name, code] of Object.entries(attempts)) {
      const study = mkdtempSync(join(folder, 'study-'));
      writeFileSync(join(study, 'definition.py'), program(code, secret, port));
      const evaluation = await evaluateDefinition({
        file: 'definition.py',
        directory: study,
        kind: 'dataset',
        limits: { seconds: 20 },
        ...(missing ? {} : { sandbox }),
      });
      found[name] = evaluation.ok ? 'allowed' : 'blocked';
    }
    terminal.out(`${JSON.stringify({ sandbox: missing ? null : sandbox.name, operations: found }, null, 2)}\n`);
    if (missing) terminal.error(`No sandbox is around the process: ${missing.message}\n`);
  } finally {
    delete process.env['GLOVEBOX_ISOLATION_REPORT'];
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A definition that is complete exactly when the attempt succeeds. */
const program = (
  code: string,
  secret: string,
  port: number,
): string => `SECRET, PORT = ${JSON.stringify(secret)}, ${port}
${code}
from ehrql import create_dataset
from ehrql.tables.core import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
`;

/** Something on this machine that answers, so that a refused connection means that it was blocked. */
async function listen() {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}
