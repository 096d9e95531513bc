import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { type Stack, startStack } from '@/tests/support/portal'
import type { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const requests = 10_000
const paths = ['/', '/sign-in', '/me', '/staff', '/staff/people', '/staff/audit', '/staff/jobs', '/api/health/ready']

let stack: Stack

beforeAll(async () => {
  // Without what the tests set to make portals of seconds faster.
  stack = await startStack({ env: { STAFF_ADMINS: grace, NODE_OPTIONS: '' } })
})

afterAll(() => stack.stop())

function residentMb(): number {
  const status = readFileSync(`/proc/${stack.portal.pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024)
}

async function visit(visitor: Visitor, count: number): Promise<void> {
  let sent = 0
  const one = async () => {
    while (sent < count) {
      const { status } = await visitor.get(`${stack.portal.url}${paths[sent++ % paths.length]}`)
      if (status >= 500) throw new Error(`answered ${status}`)
      visitor.received.length = 0
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
}

test('a portal takes 250 MB at most when idle, and 400 MB after 10,000 mixed requests, which is flat', async () => {
  const idle = residentMb()
  const { visitor } = await connect(stack, { orcid: grace })
  await visit(visitor, requests / 2)
  const half = residentMb()
  await visit(visitor, requests / 2)
  const all = residentMb()
  console.info(`idle ${idle} MB, after ${requests / 2} ${half} MB, after ${requests} ${all} MB`)
  expect(idle).toBeLessThanOrEqual(250)
  expect(all).toBeLessThanOrEqual(400)
  expect(all).toBeLessThanOrEqual(half * 1.1)
}, 1_800_000)
