import { afterAll, beforeAll } from 'vitest'
import { institution } from '@/lib/institution'

// The files of a worker run one after another in its process. Each finds the process as the first did.
const environment = { ...process.env }

class NothingKept extends Map<string, never> {
  override set() {
    return this
  }
}

beforeAll(() => {
  // On a slow machine a test would find the count of a minute ago.
  institution().counted = new NothingKept()
})

afterAll(async () => {
  const { pool, queuePool } = institution()
  for (const name of Object.keys(institution())) Reflect.deleteProperty(institution(), name)
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
  await Promise.all([pool, queuePool].map((each) => (each && !each.ended ? each.end() : undefined)))
})
