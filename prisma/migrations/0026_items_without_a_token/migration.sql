-- AlterEnum
ALTER TYPE "affiliation_state" ADD VALUE 'no_token' BEFORE 'person_withdrew';
