import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startRegistry } from '@/registry/server'
import { freePort } from '@/scripts/ports'
import { root } from '@/scripts/processes'
import { CARBERRY, callApi, employment, externalId } from './record-api'
import { ADA, CALLBACK, control, MEMBER, PUBLIC, readAdminState } from './trial'
import { authorizeUrl, exchange, getTokens, postForm, Visitor } from './visitor'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const start = (stateFile: string) => startRegistry({ port: 0, stateFile, clients: [MEMBER, PUBLIC] })
const at = (url: string) => ({ url, passS: () => {} })

test('key, tokens, sign-ins and used codes survive a restart', async () => {
  const stateFile = join(makeFolder(), 'below', 'state.json')
  const first = await start(stateFile)
  const jwks = await (await fetch(`${first.url}/oauth/jwks`)).text()
  const { access_token } = await getTokens(at(first.url))
  const code = (await readAdminState(at(first.url))).tokenRequests[0]?.code ?? ''
  const visitor = new Visitor()
  const landed = await visitor.authorize(authorizeUrl(at(first.url)))
  await first.close()

  const second = await start(stateFile)
  onTestFinished(() => second.close())
  expect(await (await fetch(`${second.url}/oauth/jwks`)).text()).toBe(jwks)
  expect((await postForm(at(second.url), '/oauth/userinfo', { access_token })).status).toBe(200)
  expect(await (await visitor.go(`${second.url}/trusted-parties`)).text()).toContain('University of Trial')
  expect((await exchange(at(second.url), landed.searchParams.get('code'))).status).toBe(200)
  expect((await exchange(at(second.url), code)).status).toBe(400)
  expect((await postForm(at(second.url), '/oauth/userinfo', { access_token })).status).toBe(403)
})

test('what was written into a record and the state of it survive a restart, and a put-code is not given twice', async () => {
  const stateFile = join(makeFolder(), 'state.json')
  const first = await start(stateFile)
  const { access_token: token } = await getTokens(at(first.url))
  const path = `${ADA}/employment`
  const write = async (url: string, value: string) => {
    const body = employment({ 'external-ids': { 'external-id': [externalId(value)] } })
    const answer = await callApi({ url }, token, path, { method: 'POST', body })
    return answer.headers.get('Location')?.split('/').at(-1) ?? ''
  }
  const [kept, deleted] = [await write(first.url, 'kept'), await write(first.url, 'deleted')]
  await callApi(first, token, `${path}/${deleted}`, { method: 'DELETE' })
  await control(first, 'PUT', `records/${CARBERRY}/state`, { state: 'locked' })
  await first.close()

  const second = await start(stateFile)
  onTestFinished(() => second.close())
  expect((await callApi(second, token, `${path}/${kept}`)).status).toBe(200)
  expect((await callApi(second, token, `${path}/${deleted}`)).status).toBe(404)
  expect(Number(await write(second.url, 'new'))).toBeGreaterThan(Number(deleted))
  expect((await (await control(second, 'GET', `records/${CARBERRY}`)).json()).state).toBe('locked')
})

test('a file from before records had contents gives everybody what they start with', async () => {
  const stateFile = join(makeFolder(), 'state.json')
  await (await start(stateFile)).close()
  const { records: _, recordStates: __, ...older } = JSON.parse(readFileSync(stateFile, 'utf8'))
  writeFileSync(stateFile, JSON.stringify(older))
  const registry = await start(stateFile)
  onTestFinished(() => registry.close())
  expect((await (await control(registry, 'GET', `records/${ADA}`)).json()).items.length).toBeGreaterThan(10)
})

test('a change is in the file within 200 ms, whole, readable by its owner only', async () => {
  const folder = makeFolder()
  const stateFile = join(folder, 'state.json')
  const registry = await start(stateFile)
  onTestFinished(() => registry.close())
  const { access_token } = await getTokens(at(registry.url))
  await wait(200)
  expect(readFileSync(stateFile, 'utf8')).toContain(access_token)
  expect(readdirSync(folder)).toEqual(['state.json'])
})

test('a file that is not a state is refused and left as it is', async () => {
  const stateFile = join(makeFolder(), 'state.json')
  writeFileSync(stateFile, '{"version":1')
  await expect(start(stateFile)).rejects.toThrow('is not a state file of the local registry')
  expect(readFileSync(stateFile, 'utf8')).toBe('{"version":1')
})

function spawnRegistry(environment: Record<string, string>, script = 'registry/main.ts') {
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', script], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

test('two registries of one clone keep their state apart, each for the port that it was started on', async () => {
  const run = async (port: number) => {
    const environment = {
      REGISTRY_PORT: String(port),
      ORCID_CLIENT_ID: MEMBER.id,
      ORCID_CLIENT_SECRET: MEMBER.secret,
      REGISTRY_REDIRECT_URIS: CALLBACK,
    }
    const child = spawnRegistry(environment, 'scripts/registry.ts')
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('{')) break
    const stop = async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    return { url: `http://127.0.0.1:${port}`, stop }
  }
  const ports = [await freePort(), await freePort()] as const
  onTestFinished(() => {
    for (const port of ports) rmSync(join(root, `.concord/registry/registry-${port}.json`), { force: true })
  })
  const [one, other] = [await run(ports[0]), await run(ports[1])]
  const ours = (await getTokens(at(one.url))).access_token
  const theirs = (await getTokens(at(other.url))).access_token
  await one.stop()
  await other.stop()

  const again = await run(ports[0])
  const statusOf = async (access_token: string) =>
    (await postForm(at(again.url), '/oauth/userinfo', { access_token })).status
  expect([await statusOf(ours), await statusOf(theirs)]).toEqual([200, 403])
  await again.stop()
}, 60_000)

test('the process says where it listens, and on SIGTERM ends soon, with its state saved', async () => {
  const stateFile = join(makeFolder(), 'state.json')
  const child = spawnRegistry({
    REGISTRY_STATE: stateFile,
    REGISTRY_CLIENT_ID: MEMBER.id,
    REGISTRY_CLIENT_SECRET: MEMBER.secret,
    REGISTRY_REDIRECT_URIS: `https://elsewhere.example/cb ${CALLBACK}`,
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { registry } = JSON.parse(line)
  const tokens = await getTokens(at(registry))
  const stoppedAt = Date.now()
  child.kill('SIGTERM')
  const [exitCode] = await once(child, 'exit')
  expect(exitCode).toBe(0)
  expect(Date.now() - stoppedAt).toBeLessThan(10_000)
  expect(readFileSync(stateFile, 'utf8')).toContain(tokens.access_token)
}, 20_000)

test('without credentials the process ends and names what is missing', async () => {
  const child = spawnRegistry({ REGISTRY_CLIENT_ID: MEMBER.id })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const [exitCode] = await once(child, 'close')
  expect(exitCode).toBe(1)
  expect(complaint).toContain('REGISTRY_CLIENT_SECRET')
  expect(complaint).toContain('REGISTRY_REDIRECT_URIS')
}, 20_000)
