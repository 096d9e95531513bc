import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { localClientId } from '@/scripts/local-registry'
import { MEMBER, setUpRegistry } from './trial'

const root = resolve(import.meta.dirname, '../../..')
const path = join(root, 'docs', 'oauth.md')
const document = readFileSync(path, 'utf8')

/** Commands, and what they answer, where they answer anything. */
const EXAMPLE = /^```sh\n(.*?)^```\n(?:\n```http\n.*?^```\n)?/gms

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

const CLIENT = {
  ...MEMBER,
  id: localClientId,
  secret: '2b7e4f10-6c1d-4f0a-9a53-0d8f6f1c9e42',
  name: 'University of Example',
  redirectUris: ['http://localhost:3000/api/auth/callback/orcid'],
}
const OTHER = { ...CLIENT, id: 'APP-ANOTHERCLIENT01' }
const trial = setUpRegistry({ clients: [CLIENT, OTHER] })

const hasCurl = spawnSync('curl', ['--version']).status === 0

// `--update` writes the document anew.
test.skipIf(!hasCurl)('docs/oauth.md shows what its commands answer in order, and no token', async () => {
  const answers = (await run([...document.matchAll(EXAMPLE)].map(([, commands = '']) => commands))).map(toShown)
  const shown = document.replace(EXAMPLE, (_, commands: string) => {
    const answer = answers.shift()
    return `\`\`\`sh\n${commands}\`\`\`\n${answer ? `\n\`\`\`http\n${answer}\n\`\`\`\n` : ''}`
  })
  expect(shown).not.toMatch(new RegExp(`${UUID}|eyJ`))
  await expect(shown).toMatchFileSnapshot(path)
})

test('docs/oauth.md names files that exist', () => {
  const named = [...document.matchAll(/`((?:app|lib|registry|tests)\/[^`\s]+)`/g)].map(([, file = '']) => file)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

/** Runs all commands in one shell, as a reader would, and gives what each example printed. */
async function run(examples: string[]): Promise<string[]> {
  const mark = '=====next example====='
  const script = examples.map((commands) => `echo '${mark}'\n${commands}`).join('')
  const home = mkdtempSync(join(tmpdir(), 'oauth-document-'))
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, TMPDIR: home, NODE_ENV: 'test' as const },
    ORCID_ISSUER: trial.url,
    ORCID_API_URL: `${trial.url}/v3.0`,
    ORCID_CLIENT_ID: CLIENT.id,
    ORCID_CLIENT_SECRET: CLIENT.secret,
    OTHER_CREDENTIALS: `${new URLSearchParams({ client_id: OTHER.id, client_secret: OTHER.secret })}`,
  }
  try {
    const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script], { env })
    return stdout.split(`${mark}\n`).slice(1)
  } finally {
    rmSync(home, { recursive: true })
  }
}

/** What came, as the document shows it: without most headers, in short lines, and the same at every run. */
function toShown(output: string): string {
  const lines = output.replaceAll('\r', '').split('\n')
  const kept = lines.filter((line) => line !== '' && (!/^[\w-]+: /.test(line) || /^location: /i.test(line)))
  return kept.map((line) => wrap(mask(line.startsWith('{') ? toShownJson(line) : line))).join('\n')
}

function toShownJson(text: string): string {
  const json = JSON.parse(text)
  // ORCID promises no order.
  if (typeof json.scope === 'string') json.scope = json.scope.split(' ').sort().join(' ')
  return JSON.stringify(json)
}

function mask(text: string): string {
  return text
    .replaceAll(trial.url, 'http://127.0.0.1:4000')
    .replace(new RegExp(`(\\w+)(=|":"|: )${UUID}`, 'g'), '$1$2<$1>')
    .replace(/"(id_token|at_hash)":"[^"]+"/g, '"$1":"<$1>"')
    .replace(/(code[=:] ?)[0-9A-Za-z]{6}\b/g, '$1<code>')
    .replace(/"(auth_time|iat|exp)":\d+/g, '"$1":<seconds>')
    .replace(/"value":\d{13}/g, '"value":<milliseconds>')
}

const wrap = (text: string) => text.replace(/(.{60,110},)(?=")/g, '$1\n ')
