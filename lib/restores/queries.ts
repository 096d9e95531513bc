import 'server-only'
import { db } from '@/lib/db'

/** What was found out about the restore that waits to be released or, where none does, about the last one. */
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
