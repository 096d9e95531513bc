/**
 * What the institution vouches for on the records of everybody seeded, in the states that items have in the end. None
 * has anything left to do at ORCID that could be done. $1 is the seeded client, $2 now. Hashes of ids stand in for dice,
 * so that the same seed gives the same.
 */
export const itemsSql = `
WITH kinds (kind, share, titles) AS (VALUES
  ('employment', 44, ARRAY['Lecturer', 'Senior Lecturer', 'Professor', 'Research Fellow', 'Postdoctoral Researcher',
                           'Research Assistant', 'Reader', 'Research Software Engineer', 'Librarian']),
  ('education', 9, ARRAY['PhD', 'MSc by Research', 'DPhil']),
  ('qualification', 5, ARRAY['Postgraduate Certificate in Higher Education', 'Habilitation']),
  ('membership', 4, ARRAY['Member of the Senate', 'Member of the Academic Board']),
  ('service', 4, ARRAY['Chair of the Research Ethics Committee', 'Member of the Library Committee', 'Head of Department']),
  ('invited_position', 3, ARRAY['Visiting Professor', 'Visiting Fellow']),
  ('distinction', 2, ARRAY['Teaching Excellence Award', 'Early Career Prize'])
), people AS (
  SELECT r.id, r.state, r.finding, r.withdrew_at, min(g.granted_at) AS since,
         coalesce(bool_or('/activities/update' = ANY (g.scopes)), false) AS wrote,
         '/activities/update' = ANY (r.live_scopes) AS may_write
  FROM researcher r JOIN "grant" g ON g.researcher_id = r.id AND g.client_id = $1
  WHERE r.state IN ('connected', 'withdrawn') GROUP BY r.id
), chosen AS (
  SELECT people.*, kinds.*, abs(hashtext(people.id || kind)) AS luck, md5(people.id || kind) AS digest
  FROM people JOIN kinds ON abs(hashtext(kind || people.id)) % 100 < share
), judged AS (
  SELECT *, CASE
    WHEN NOT wrote THEN 'no_permission'
    WHEN state = 'withdrawn' AND luck % 2 = 0 THEN 'person_withdrew'
    WHEN state = 'withdrawn' THEN 'in_orcid'
    WHEN NOT may_write THEN 'no_permission'
    WHEN finding = 'record_locked' OR luck % 53 = 0 THEN 'refused'
    WHEN luck % 23 = 1 THEN 'deleted_by_person'
    WHEN luck % 41 = 2 THEN 'deleted'
    ELSE 'in_orcid' END AS fate,
    since + (coalesce(withdrew_at, $2) - since) * ((luck % 70) / 100.0) AS added
  FROM chosen
  WHERE wrote OR luck % 4 = 0
), told AS (
  SELECT *, fate IN ('in_orcid', 'deleted_by_person', 'deleted', 'person_withdrew') AS written,
         added + ($2 - added) * ((luck % 29) / 100.0) AS changed,
         ((added - make_interval(days => luck % 3000)) AT TIME ZONE 'UTC')::date AS began
  FROM judged
)
INSERT INTO affiliation (id, person_id, researcher_id, kind, external_id, title, department, start_on, end_on, origin, state, removal,
                         revision, written_revision, put_code, reason, added_at, changed_at, written_at, checked_at, next_try_at)
SELECT (substr(digest, 1, 12) || '4' || substr(digest, 14, 3) || '8' || substr(digest, 18))::uuid, person_id, id, kind::affiliation_kind, 'hr-' || substr(digest, 1, 7),
       titles[1 + luck % array_length(titles, 1)],
       (ARRAY['Physics', 'History', 'School of Medicine', 'Computer Science', 'Law', 'Modern Languages', 'University Library',
              'Chemistry', NULL])[1 + luck % 9],
       to_char(began, (ARRAY['YYYY', 'YYYY-MM', 'YYYY-MM-DD'])[1 + luck % 3]),
       CASE WHEN luck % 6 = 0 THEN to_char(began + (luck % 3000) / 2, 'YYYY-MM') END,
       CASE WHEN luck % 5 = 0 THEN 'entered' ELSE 'imported' END::affiliation_origin,
       fate::affiliation_state,
       CASE WHEN fate = 'deleted' THEN 'staff' END::affiliation_removal,
       CASE WHEN fate = 'person_withdrew' THEN 2 ELSE 1 END,
       CASE WHEN written AND fate <> 'deleted' THEN 1 END,
       CASE WHEN written AND fate <> 'deleted' THEN 100000 + abs(hashtext(digest)) % 90000000 END,
       CASE WHEN fate = 'refused' AND finding = 'record_locked' THEN 'locked'
            WHEN fate = 'refused' THEN '409 Conflict: This record has not been claimed.' END,
       added, changed, CASE WHEN written THEN added + interval '40 seconds' END,
       CASE WHEN fate = 'in_orcid' AND state = 'connected' THEN $2 - make_interval(secs => luck % 604800) END, changed
FROM told JOIN (SELECT id AS person_id, researcher_id FROM person) AS p ON p.researcher_id = told.id`
