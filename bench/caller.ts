import { system } from '@/lib/actor'
import { callOrcidPublicly } from '@/lib/calls/public-token'
import { db } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'

// `caller.ts <calls>`: makes so many calls, ten callers at a time, and says how they ended as one line of JSON.
const callers = 10
const orcid = '0000-0002-1825-0097'
let left = Number(process.argv[2])
const outcomes: Record<string, number> = {}
const endedAt: number[] = []
let slowestMs = 0

async function callOn(): Promise<void> {
  while (left-- > 0) {
    const startedAt = Date.now()
    const { kind } = await callOrcidPublicly(system, { path: `/${orcid}/person`, researcherId: null })
    outcomes[kind] = (outcomes[kind] ?? 0) + 1
    endedAt.push(Date.now())
    slowestMs = Math.max(slowestMs, Date.now() - startedAt)
  }
}

await prepareInstallation()
await Promise.all(Array.from({ length: callers }, callOn))
console.log(JSON.stringify({ outcomes, endedAt, slowestMs }))
await db().$disconnect()
process.exit()
