-- A revocation takes a grant's ciphertext over as it is, and has to know what it was sealed for. Rows of before hold
-- tokens that were sealed for themselves.
ALTER TABLE "revocation" ADD COLUMN "sealed_grant_id" UUID;
