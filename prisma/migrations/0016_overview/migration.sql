-- CreateIndex
CREATE INDEX "authorization_attempt_outcome_started_at_id_idx" ON "authorization_attempt"("outcome", "started_at", "id");

-- What Prisma's schema language cannot say. Written by hand.

-- The overview tells of the newest; most of the history is of checks.
CREATE INDEX "audit_event_of_grants_idx" ON "audit_event" ("id") WHERE "action" LIKE 'grant.%';

-- Whether those who withdrew lately did so here or at ORCID is told without looking at their rows.
DROP INDEX "researcher_withdrawn_at_id_idx";
CREATE INDEX "researcher_by_withdrawn_idx" ON "researcher" ("withdrawn_at", "id") INCLUDE ("state", "finding")
  WHERE "withdrawn_at" IS NOT NULL;
