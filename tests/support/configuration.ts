import { randomBytes } from 'node:crypto'
import { parseEnv } from '@/lib/config/env'

export const key = randomBytes(32).toString('base64')

/** The variables that a portal cannot do without. */
export const complete = {
  DATABASE_URL: 'postgresql://concord@db.example.org/concord',
  NEXTAUTH_URL: 'https://concord.example.org',
  NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
  ORCID_REGISTRY: 'sandbox',
  ORCID_CLIENT_ID: 'APP-0123456789ABCDEF',
  ORCID_CLIENT_SECRET: '5d7c1f2e-6f0b-4a55-8f5c-2f6a7a1b9c3d',
  TOKEN_KEYS: `k1:${key}`,
  INSTITUTION_NAME: 'University of Example',
  SUPPORT_EMAIL: 'orcid@example.org',
}

/** The configuration with `changes`, or its faults. */
export function read(changes: Record<string, string | undefined> = {}) {
  const result = parseEnv({ ...complete, ...changes })
  return 'env' in result ? { ...result, faults: [] } : { ...result, env: null }
}

export const faultOf = (variable: string, changes: Record<string, string | undefined>) =>
  read(changes).faults.find((fault) => fault.variable === variable)?.fault
