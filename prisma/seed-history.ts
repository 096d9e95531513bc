/**
 * Writes the audit events of everything seeded, in the order in which it happened: what the portal itself would have
 * written. $1 is the seeded client.
 */
export const historySql = `
INSERT INTO audit_event (at, action, actor_kind, actor_id, researcher_id, attempt_id, grant_id, detail)
SELECT at, action, actor_kind::actor_kind, actor_id, researcher_id, attempt_id, grant_id, detail
FROM (
  SELECT 1 AS place, started_at AS at, 'attempt.started' AS action, 'system' AS actor_kind, NULL::uuid AS actor_id,
         NULL::uuid AS researcher_id, id AS attempt_id, NULL::uuid AS grant_id,
         jsonb_build_object('purpose', purpose, 'scopes', scopes_asked) AS detail
  FROM authorization_attempt WHERE client_id = $1 AND started_by_id IS NOT NULL
  UNION ALL
  SELECT 2, granted_at, 'grant.saved', 'system', NULL, researcher_id, attempt_id, id, jsonb_build_object('scopes', scopes)
  FROM "grant" WHERE client_id = $1
  UNION ALL
  SELECT 3, ended_at,
         CASE state WHEN 'superseded' THEN 'grant.superseded' WHEN 'expired' THEN 'grant.expired'
                    WHEN 'withdrawn_at_orcid' THEN 'grant.withdrawn_at_orcid' ELSE 'grant.withdrawn' END,
         CASE state WHEN 'withdrawn_here' THEN 'researcher' ELSE 'system' END,
         CASE state WHEN 'withdrawn_here' THEN researcher_id END,
         researcher_id, NULL, id, jsonb_build_object('scopes', scopes)
  FROM "grant" WHERE client_id = $1 AND ended_at IS NOT NULL
  UNION ALL
  SELECT 4, ended_at, 'attempt.ended', 'system', NULL, researcher_id, id, NULL, jsonb_build_object('outcome', outcome)
  FROM authorization_attempt WHERE client_id = $1 AND (researcher_id IS NOT NULL OR started_by_id IS NOT NULL)
  UNION ALL
  SELECT 5, at, action, 'system', NULL, researcher_id, NULL, NULL, jsonb_build_object('affiliationId', id, 'kind', kind)
  FROM affiliation CROSS JOIN LATERAL (VALUES
    (written_at, 'affiliation.written'),
    (CASE WHEN state NOT IN ('in_orcid', 'pending') THEN changed_at END,
     CASE state WHEN 'refused' THEN 'affiliation.refused' WHEN 'deleted' THEN 'affiliation.deleted'
                WHEN 'deleted_by_person' THEN 'affiliation.deleted_by_person' ELSE 'affiliation.held' END)
  ) AS happened (at, action) WHERE at IS NOT NULL
) AS event
ORDER BY at, place, attempt_id, grant_id`
