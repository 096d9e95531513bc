import type pg from 'pg'
import { listDoubts } from '@/lib/config/env'
import { describeFault } from '@/lib/config/fault'
import { compareMigrations, listExcessPowers, listUnknownJobs } from '@/lib/installation/schema'
import { jobs } from '@/lib/process/jobs'
import type { Finding } from '@/scripts/doctor-findings'

/** What in the environment and in `.env` may be a mistake. */
export function examineDoubts(): Finding[] {
  return listDoubts().map((doubt) => ({ what: doubt.variable, state: 'doubt', finding: describeFault(doubt) }))
}

/** What the start of a portal warns of: a role that may do too much, and traces of another version. */
export async function examineOthers(client: pg.Client): Promise<Finding[]> {
  const schema = await compareMigrations(client)
  const newer = schema?.newer ?? []
  const powers = await listExcessPowers(client)
  const unknown = schema ? await listUnknownJobs(client, Object.keys(jobs.handlers)).catch(() => []) : []
  return [
    ...newer.map((name) => doubt('newer schema', `${name} is of a newer version: finish the upgrade (docs/deploy.md)`)),
    ...powers.map((power) => doubt('role', `the role of DATABASE_URL ${power}: give the portal a role of its own`)),
    ...unknown.map(({ name, count }) => doubt('jobs', `${count} × ${name} wait for a worker of another version`)),
  ]
}

const doubt = (what: string, finding: string): Finding => ({ what, state: 'doubt', finding })
