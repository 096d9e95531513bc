import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { portalEnv } from '@/scripts/portal'
import { root } from '@/scripts/processes'
import { type Stack, testSecrets } from '@/tests/support/portal'

const program = `
  const { makeUnsubscribeUrl } = await import('./lib/mail/unsubscribing.ts')
  console.log(await makeUnsubscribeUrl(process.argv[1]))
  process.exit(0)`

/** The link of a mail, made as a portal makes it, for tests that cannot load its code. */
export async function makeLinkOf(mailId: string, { database, portal, registry }: Stack): Promise<string> {
  const settings = { databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets }
  const args = ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '-e', program, mailId]
  const env = { ...portalEnv(settings), TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') } as unknown as NodeJS.ProcessEnv
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env })
  return stdout.trim()
}
