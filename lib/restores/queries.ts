import 'server-only'
import { db } from '@/lib/db'

/** The restore that waits for its release, or else the last one. */
export function findLatestRestore() {
  return db().restore.findFirst({
    orderBy: [{ releasedAt: { sort: 'desc', nulls: 'first' } }, { foundAt: 'desc' }],
    select: {
      foundBy: true,
      foundAt: true,
      missingFrom: true,
      checkedAt: true,
      ledgerMark: true,
      erased: true,
      ended: true,
      lost: true,
      unreadable: true,
      releasedAt: true,
    },
  })
}
