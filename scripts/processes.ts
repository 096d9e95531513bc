import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export type RunningProcess = {
  name: string
  /** Undefined where it could not be started. */
  pid: number | undefined
  /** Every line that it wrote so far, to either stream. */
  lines: string[]
  /** How it ended, in words; resolves when it has. */
  ended: Promise<string>
  hasEnded(): boolean
  /** SIGTERM, and SIGKILL to what is left after `graceMs`. */
  stop(graceMs?: number): Promise<void>
  kill(): Promise<void>
}

type Options = {
  name: string
  args: string[]
  env: Record<string, string>
  cwd?: string
  onLine?: (line: string) => void
}

export const root = resolve(import.meta.dirname, '..')

/**
 * Runs Node with `args`. It is the leader of a process group of its own, so that Ctrl-C reaches it through us only and
 * that whatever it starts can be ended with it; and it ends by itself should we be killed.
 */
export function startProcess({ name, args, env, cwd = root, onLine }: Options): RunningProcess {
  const child = spawn(process.execPath, ['--import', join(root, 'scripts/with-parent.mjs'), ...args], {
    cwd,
    env: { ...env, CONCORD_STARTED_BY: String(process.pid) } as unknown as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      onLine?.(line)
    })
  }
  let over = false
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message))
    child.once('exit', (code, signal) => done(signal ? `ended by ${signal}` : `exit code ${code}`))
  }).finally(() => {
    over = true
    signalGroup(child, 'SIGKILL')
  })
  // Once it has ended its number may be another's.
  const stop = async (graceMs = 1_500) => {
    if (over) return
    signalGroup(child, 'SIGTERM')
    const late = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs)
    await ended
    clearTimeout(late)
  }
  return {
    name,
    pid: child.pid,
    lines,
    ended,
    hasEnded: () => over,
    stop,
    kill: async () => {
      if (!over) signalGroup(child, 'SIGKILL')
      await ended
    },
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // Nobody is left in the group.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** What a process needs of our own environment to run at all; its configuration is given to it, not inherited. */
export function bareEnv(): Record<string, string> {
  const kept = [
    'PATH',
    'HOME',
    'TMPDIR',
    'LANG',
    'LC_ALL',
    'TZ',
    'SYSTEMROOT',
    'NODE_EXTRA_CA_CERTS',
    'NODE_COMPILE_CACHE',
    'NODE_OPTIONS',
  ]
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/** Waits until `url` answers 200. Fails at once when the process ends first, with the last lines that it wrote. */
export async function waitUntilReady(started: RunningProcess, url: string, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs
  let last = 'no answer'
  while (Date.now() < deadline) {
    if (started.hasEnded())
      throw new Error(`${started.name}: ${await started.ended}\n${started.lines.slice(-30).join('\n')}`)
    try {
      const { ok, said } = await askWithin(url, 5_000)
      last = said
      if (ok) return
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    await sleep(100)
  }
  throw new Error(
    `${started.name} was not ready within ${withinMs / 1000} s: ${last}\n${started.lines.slice(-30).join('\n')}`,
  )
}

/**
 * One question, and what became of it in time. The clock is ours: Node 20 may collect the signal of a `fetch` that waits
 * for an answer, and then nothing ends it.
 */
async function askWithin(url: string, withinMs: number): Promise<{ ok: boolean; said: string }> {
  const asked = fetch(url).then(async (answer) => ({
    ok: answer.ok,
    said: `${answer.status} ${(await answer.text()).slice(0, 200)}`,
  }))
  const clock = new AbortController()
  const late = sleep(withinMs, { ok: false, said: 'no answer' }, { signal: clock.signal })
  try {
    return await Promise.race([asked, late])
  } finally {
    clock.abort()
  }
}
