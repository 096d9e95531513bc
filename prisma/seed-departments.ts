import type { Dice } from '@/prisma/seed-dice'

// The largest first.
const departments = `Medicine
Computer Science
Physics
Chemistry
Biology
Economics
Mechanical Engineering
Psychology
Mathematics
Law
Education
Electrical Engineering
History
English
Public Health
Civil Engineering
Political Science
Neuroscience
Business Administration
Nursing
Sociology
Biochemistry
Environmental Science
Philosophy
Materials Science
Geography
Pharmacy
Chemical Engineering
Statistics
Linguistics
Dentistry
Earth Sciences
Music
Architecture
Art History
Veterinary Medicine
Modern Languages
Agriculture
Immunology
Genetics
Anthropology
Astronomy
Ecology
Theology
Aerospace Engineering
Classics
Media and Communication
Information Science
Social Work
Sport and Exercise Sciences
Archaeology
Oceanography
Film Studies
Gender Studies
Demography
Forestry
Library
Theatre and Performance
Écologie et évolution
Institut für Ägyptologie`.split('\n')

/** Where somebody works; of some nobody knows it. */
export function pickDepartment(dice: Dice): string | null {
  return dice.chance(0.12) ? null : dice.pick(departments, 2.2)
}
