-- DropIndex
DROP INDEX "authorization_attempt_outcome_started_at_id_idx";

-- CreateIndex
CREATE INDEX "authorization_attempt_purpose_started_at_id_idx" ON "authorization_attempt"("purpose", "started_at", "id");

-- CreateIndex
CREATE INDEX "authorization_attempt_purpose_outcome_started_at_id_idx" ON "authorization_attempt"("purpose", "outcome", "started_at", "id");
