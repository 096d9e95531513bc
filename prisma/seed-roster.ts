import { pickDepartment } from '@/prisma/seed-departments'
import type { Dice } from '@/prisma/seed-dice'
import { makeName } from '@/prisma/seed-names'
import { makeSeededLocalId, makeSeededOrcid } from '@/prisma/seed-numbers'
import { kindOfPerson } from '@/prisma/seed-people'
import { type Piece, splitRosterName, toPiece } from '@/prisma/seed-rows'
import { dayMs } from '@/prisma/seed-times'

/** Somebody on the roster who has not connected; some leave soon, and of some an earlier system knew an iD. */
function makeRosterPerson(index: number, dice: Dice, now: number) {
  const localId = makeSeededLocalId(index)
  const leaves = dice.chance(0.04) ? new Date(now + dice.between(1, 150) * dayMs) : null
  return {
    id: dice.uuid(),
    local_id: localId,
    ...splitRosterName(makeName(dice)),
    email: `${localId}@example.org`,
    department: pickDepartment(dice),
    kind: dice.chance(0.03) ? 'guest' : kindOfPerson(index),
    state: leaves ? 'leaving' : 'active',
    leaves_on: leaves,
    known_orcid: dice.chance(0.05) ? makeSeededOrcid(index) : null,
    origin: 'imported',
  }
}

const sliceSize = 500

/** What COPY reads for the people numbered from `first` to `end`. */
export function makeRosterPieces(first: number, end: number, dice: Dice, now: number): Piece[] {
  const pieces: Piece[] = []
  for (let index = first; index < end; index += sliceSize) {
    const count = Math.min(sliceSize, end - index)
    const rows = Array.from({ length: count }, (_, n) => makeRosterPerson(index + n, dice, now))
    pieces.push(toPiece('person', rows))
  }
  return pieces
}

/** The post or course of everybody on the roster. Hashes stand in for dice. */
export const appointmentsSql = `
  INSERT INTO appointment (person_id, department, title, kind, start_on, end_on, "primary")
  SELECT id, department,
    CASE kind WHEN 'student' THEN (ARRAY['PhD', 'MSc', 'BSc', 'MA'])[1 + luck % 4] WHEN 'guest' THEN 'Visiting Fellow'
      ELSE (ARRAY['Lecturer', 'Professor', 'Research Fellow', 'Research Assistant', 'Librarian', 'Technician'])[1 + luck % 6] END,
    kind, to_char(now() - make_interval(days => luck % 4000), 'YYYY-MM-DD'), to_char(leaves_on, 'YYYY-MM-DD'), true
  FROM (SELECT *, abs(hashtext(local_id)) AS luck FROM person WHERE local_id IS NOT NULL AND kind IS NOT NULL) AS roster`
