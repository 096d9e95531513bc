import 'server-only'
import { env } from '@/lib/config/env'
import { keep } from '@/lib/institution'
import type { OrcidRecord } from '@/lib/orcid/record'
import { recordsKeptMax } from '@/lib/records/record'

type Kept = { researcherId: string; record: OrcidRecord; at: Date }

declare module '@/lib/institution' {
  interface Institution {
    records?: Map<string, Kept>
  }
}

const records = () => keep('records', () => new Map())

/**
 * A record that was read a moment ago with this grant, or with none. Whoever asks has found the grant to be live just
 * now, so that one that has ended leads to nothing here, in whichever process it ended.
 */
export function findKept(researcherId: string, grantId: string | null): Kept | null {
  return records().get(keyOf(researcherId, grantId)) ?? null
}

/**
 * Keeps a record in memory for as long as is configured, and of more than fifty the newest. It spares ORCID whoever loads
 * a page again; a change that the person makes at ORCID is seen after this time at the latest.
 */
export function keepRecord(researcherId: string, grantId: string | null, record: OrcidRecord, at: Date): void {
  const key = keyOf(researcherId, grantId)
  const entry = { researcherId, record, at }
  records().delete(key)
  records().set(key, entry)
  for (const oldest of [...records().keys()].slice(0, -recordsKeptMax)) records().delete(oldest)
  const forget = () => {
    if (records().get(key) === entry) records().delete(key)
  }
  setTimeout(forget, env().recordStaysMs).unref()
}

/** Forgets at once what was read of a researcher, because they have withdrawn or were erased. */
export function forgetRecords(researcherId: string): void {
  for (const [key, entry] of records()) if (entry.researcherId === researcherId) records().delete(key)
}

const keyOf = (researcherId: string, grantId: string | null) => `${researcherId} ${grantId ?? 'public'}`
