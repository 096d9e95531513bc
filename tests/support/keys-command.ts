import { portalEnv } from '@/scripts/portal'
import { type RunningProcess, startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { testSecrets } from '@/tests/support/portal'

type Options = { databaseUrl: string; tokenKeys: string; registry: Parameters<typeof portalEnv>[0]['registry'] }

/** Starts `npm run keys -- <name>` with the configuration of a portal that has these keys. */
export function startKeys(
  name: string,
  { databaseUrl, tokenKeys, registry }: Options,
  ...more: string[]
): RunningProcess {
  const env = portalEnv({ databaseUrl, port: 9, registry, secrets: { ...testSecrets, tokenKeys } })
  return startProcess({ name: `keys ${name}`, args: [...commandArgs('scripts/keys'), name, ...more], env })
}

/** Runs it to its end: how it ended, and everything that it wrote. */
export async function runKeys(
  name: string,
  options: Options,
  ...more: string[]
): Promise<{ ended: string; output: string }> {
  const running = startKeys(name, options, ...more)
  const ended = await running.ended
  return { ended, output: running.lines.join('\n') }
}
