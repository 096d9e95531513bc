/** One line of the doctor's table. `note` says something that only a person can compare. */
export type Finding = { what: string; state: 'good' | 'note' | 'doubt' | 'wrong'; finding: string }

/** The findings as a table for a terminal, and a last line that counts them. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length))
  const rows = findings.map(({ what, state, finding }) => `  ${state.padEnd(5)}  ${what.padEnd(width)}  ${finding}`)
  const count = (wanted: Finding['state']) => findings.filter(({ state }) => state === wanted).length
  return [...rows, '', `${count('wrong')} wrong, ${count('doubt')} in doubt, ${count('good')} good`].join('\n')
}

/** Something between us and ORCID answers in its name. */
export function foreignFinding(met: string): Finding {
  const advice = "ask whoever runs the filtering proxy to let ORCID's hosts through"
  return { what: "in ORCID's name", state: 'wrong', finding: `${met}: ${advice}` }
}

const doubtfulS = 2
const wrongS = 30

/** How far our clock is from another's. An id_token is accepted with a difference of a minute at most. */
export function judgeClock(what: string, differenceS: number, precisionS: number): Finding {
  const off = Math.max(0, Math.abs(differenceS) - precisionS)
  const finding = `${off.toFixed(1)} s apart`
  if (off > wrongS) return { what, state: 'wrong', finding: `${finding}: set the clocks right, or iDs are refused` }
  return { what, state: off > doubtfulS ? 'doubt' : 'good', finding }
}
