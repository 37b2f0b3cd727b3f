import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transitionsPerBuild } from './transitions.ts';

const run = promisify(execFile);

/** Whether `wrk` is installed. */
export function hasWrk(): boolean {
  try {
    execFileSync('which', ['wrk'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Each thread has one connection and walks its own builds through all states. Whoever runs out of them asks for what is
 * not there, which fails the run.
 */
const script = `
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end
function init(args)
  builds, step = {}, 0
  local share, line = tonumber(args[2]), 0
  for id in io.lines(args[1]) do
    if math.floor(line / share) == number then builds[#builds + 1] = id end
    line = line + 1
  end
end
function request()
  local id = builds[1 + math.floor(step / ${transitionsPerBuild})] or "none"
  local within = step % ${transitionsPerBuild}
  step = step + 1
  local body = '{"state":' .. 1 + math.floor(within / 2) .. ',"status":"'
    .. (within % 2 == 0 and "started" or "completed")
    .. '","message":"Packages installed","reported_by":"bench"}'
  return "POST /builds/" .. id .. "/state HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nX-API-Key: dev-key-12345\\r\\n"
    .. "Content-Type: application/json\\r\\nContent-Length: " .. #body .. "\\r\\n\\r\\n" .. body
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\nRESULT {"answers":%d,"microseconds":%d,"failed":%d,"p99":%f}\\n', summary.requests,
    summary.duration, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(99) / 1000))
end
`;

/** What a run came to. */
export interface WrkResult {
  readonly answers: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

/**
 * Transitions of new builds by `wrk`, each client over one connection and one after the other. It takes about the CPU
 * time that pgbench takes, where our own generator takes more, and all of it is missing elsewhere.
 * @param builds the same number for each client
 * @throws when a request fails
 */
export async function transitionsByWrk(
  port: number,
  builds: readonly string[],
  clients: number,
  seconds: number,
): Promise<WrkResult> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-wrk-'));
  try {
    const [file, ids] = [join(folder, 'transitions.lua'), join(folder, 'builds')];
    await writeFile(file, script);
    await writeFile(ids, `${builds.join('\n')}\n`);
    const share = String(builds.length / clients);
    const load = ['-t', String(clients), '-c', String(clients), '-d', `${seconds}s`, '-s', file];
    const { stdout } = await run('wrk', [...load, `http://127.0.0.1:${port}`, '--', ids, share]);
    const result = JSON.parse(/RESULT (.*)/.exec(stdout)?.[1] ?? '{}');
    if (result.failed !== 0 || !(result.answers > 0)) throw new Error(`wrk failed:\n${stdout}`);
    const { answers, microseconds, p99 } = result;
    return { answers, perSecond: (answers * 1e6) / microseconds, p99 };
  } finally {
    await rm(folder, { recursive: true });
  }
}
