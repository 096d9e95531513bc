-- The page that somebody asked for before signing in, and what they had typed there: sealed, and destroyed within the hour.
ALTER TABLE "authorization_attempt" ADD COLUMN "sealed_return" TEXT;

-- What is to be destroyed is found without reading every attempt.
CREATE INDEX "authorization_attempt_sealed_return_idx" ON "authorization_attempt"("expires_at") WHERE "sealed_return" IS NOT NULL;
