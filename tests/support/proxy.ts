import { beforeEach } from 'vitest'
import { db } from '@/lib/db'
import { makeStaffActor } from '@/tests/support/actors'
import { ourItems } from '@/tests/support/affiliations'
import { type Asked, askInside as ask, type Told } from '@/tests/support/api'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { addSystem, completeSystem, tell } from '@/tests/support/systems'

const grace = '0000-0099-5475-2774'
export const ada = '0000-0099-9458-0735'
export const noor = '0000-0099-4262-1291'

const rights = [...completeSystem().rights, 'works:write' as const]
type System = Awaited<ReturnType<typeof addSystem>>

/** A system that may do everything by proxy, told of Ada, who has connected. */
export function proxyPerFile() {
  const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
  workInside(fixture)
  const add = async (entry: Parameters<typeof addSystem>[1] = {}) => {
    const { id: staffId } = await db().staffMember.findFirstOrThrow({ where: { orcid: grace } })
    return addSystem(makeStaffActor({ staffId, orcid: grace, role: 'admin' }), { rights, ...entry })
  }
  const now = {} as { system: System; researcherId: string; nobody: Told }

  beforeEach(async () => {
    await fixture.stack.registry.configure({ limit: { enabled: false } })
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited', '/activities/update'] })
    const { id: researcherId } = await db().researcher.findUniqueOrThrow({ where: { orcid: ada } })
    const system = await add()
    await tell(system.id, [researcherId])
    Object.assign(now, { system, researcherId, nobody: await ask(system.key, `/orcid/${noor}/record`) })
  })

  const read = (path: string, asked: Asked = {}) =>
    ask(now.system.key, `/orcid/${ada}${path}`, {
      ...asked,
      headers: { Accept: 'application/json', ...asked.headers },
    })
  return {
    fixture,
    /** What each test begins with. `nobody`: the answer about somebody who is not here. */
    now,
    add,
    read,
    post: (body: object = position(), asked: Asked = {}) => read('/employment', { method: 'POST', body, ...asked }),
    items: () => ourItems(fixture.stack.registry, ada),
    sent: async () => (await fixture.stack.registry.apiRequests()).map(({ method, path }) => `${method} ${path}`),
  }
}

export const codeOf = ({ status, json }: Told) => [status, json?.code]
export const pointersOf = ({ json }: Told) => json.errors.map(({ pointer }: { pointer: string }) => pointer)
export const putCodeOf = ({ headers }: Told) => headers.get('location')?.split('/').at(-1) ?? ''

export const position = (more: object = {}) => ({
  'role-title': 'Lecturer',
  'department-name': 'Physics',
  'start-date': { year: { value: '2021' }, month: { value: '03' }, day: null },
  organization: { name: 'University of Example' },
  'external-ids': {
    'external-id': [
      { 'external-id-type': 'other-id', 'external-id-value': 'hr-1', 'external-id-relationship': 'self' },
    ],
  },
  ...more,
})

export const identified = (value: string) => ({
  'external-ids': {
    'external-id': [{ 'external-id-type': 'other-id', 'external-id-value': value, 'external-id-relationship': 'self' }],
  },
})
