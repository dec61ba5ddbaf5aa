// Run as a process of its own, in the surroundings of a user: prints what came of connecting.
import { connect } from '../../src/index.ts';

async function ask(): Promise<unknown> {
  const connection = await connect('qemu:///session');
  const uri = await connection.getURI();
  await connection.close();
  return { uri };
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return { error: String(error) };
  return { name: error.name, reason: 'reason' in error ? error.reason : error.message };
}

console.log(JSON.stringify(await ask().catch(describe)));
