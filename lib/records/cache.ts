import 'server-only'
import { env } from '@/lib/config/env'
import { keep } from '@/lib/institution'
import type { OrcidRecord } from '@/lib/orcid/record'
import { cachedRecordsMax } from '@/lib/records/record'

type CachedRecord = { researcherId: string; record: OrcidRecord; at: Date }

declare module '@/lib/institution' {
  interface Institution {
    records?: Map<string, CachedRecord>
  }
}

const records = () => keep('records', () => new Map())

/**
 * The cached record of this grant, or the public one for null. The caller has just checked that the grant is live, so a
 * grant that ended in another process finds nothing.
 */
export function findCachedRecord(researcherId: string, grantId: string | null): CachedRecord | null {
  return records().get(keyOf(researcherId, grantId)) ?? null
}

/** Caches a record for the configured time, to spare ORCID repeated reads. Evicts the oldest above the limit. */
export function cacheRecord(researcherId: string, grantId: string | null, record: OrcidRecord, at: Date): void {
  const key = keyOf(researcherId, grantId)
  const entry = { researcherId, record, at }
  records().delete(key)
  records().set(key, entry)
  for (const oldest of [...records().keys()].slice(0, -cachedRecordsMax)) records().delete(oldest)
  const forget = () => {
    if (records().get(key) === entry) records().delete(key)
  }
  setTimeout(forget, env().recordCacheMs).unref()
}

/** Call this when a researcher withdraws or is erased. */
export function forgetRecords(researcherId: string): void {
  for (const [key, entry] of records()) if (entry.researcherId === researcherId) records().delete(key)
}

const keyOf = (researcherId: string, grantId: string | null) => `${researcherId} ${grantId ?? 'public'}`
