/** Recomputes `researcher.conflict` (see prisma/schema) from all rows. */
export const conflictsSql = `
  SELECT id FROM researcher WHERE finding = 'wrong_record'
  UNION SELECT unnest(ARRAY[r.id, heir.id]) FROM researcher r JOIN researcher heir ON heir.id = r.merged_into_id
    WHERE r.state IN ('connected', 'identity_only') AND heir.state IN ('connected', 'identity_only') AND r.id <> heir.id`
