/**
 * What checks at ORCID have found about everybody seeded: nearly all is well, here and there a record is locked. $1 is the
 * seeded client, $2 now. Hashes of ids stand in for dice, so that the same seed gives the same.
 */
export const checksSql = [
  `UPDATE "grant" SET
     finding = CASE WHEN abs(hashtext(id::text)) % 97 = 0 THEN 'record_locked'::finding ELSE 'good' END,
     last_checked_at = greatest(granted_at, $2::timestamptz - make_interval(secs => abs(hashtext(id::text)) % 604800))
   WHERE client_id = $1 AND state = 'live'`,
  `UPDATE "grant" SET finding = 'withdrawn_at_orcid', last_checked_at = ended_at
   WHERE client_id = $1 AND state = 'withdrawn_at_orcid' AND $2::timestamptz IS NOT NULL`,
  `UPDATE researcher SET finding = standing.finding, last_checked_at = standing.at
   FROM (
     SELECT researcher_id, max(last_checked_at) AS at,
            CASE WHEN bool_or(state = 'live') THEN max(finding) FILTER (WHERE state = 'live')
                 WHEN (array_agg(state ORDER BY ended_at DESC))[1] = 'withdrawn_at_orcid' THEN 'withdrawn_at_orcid'::finding
            END AS finding
     FROM "grant" WHERE client_id = $1 AND $2::timestamptz IS NOT NULL GROUP BY researcher_id
   ) AS standing WHERE standing.researcher_id = researcher.id`,
]
