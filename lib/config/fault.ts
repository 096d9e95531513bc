/** What is wrong with a variable, and what to do. Neither repeats a value that may be secret. */
export type Fault = { variable: string; fault: string; mend: string }

export const describeFault = ({ fault, mend }: Fault): string => `${fault}: ${mend}`

function formatTable(faults: readonly Fault[]): string[] {
  const width = Math.max(...faults.map(({ variable }) => variable.length))
  return faults.map((one) => `  ${one.variable.padEnd(width)}  ${describeFault(one)}`)
}

/** Formats a table for a terminal. `doubts` may explain a fault. */
export function formatFaults(faults: readonly Fault[], doubts: readonly Fault[] = []): string {
  return [
    'Concord cannot start: the configuration has faults.',
    '',
    ...formatTable(faults),
    ...(doubts.length > 0 ? ['', 'Also, perhaps the reason:', '', ...formatTable(doubts)] : []),
    '',
    'See .env.example and docs/configuration.md.',
  ].join('\n')
}
