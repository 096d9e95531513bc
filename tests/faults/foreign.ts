import { FOREIGN_FORMS } from '@/registry/faults'
import type { TestRegistry } from '@/tests/support/registry'
import type { ForeignFault } from './plan'

type Fault = Parameters<TestRegistry['addFault']>[0]

export const isForeign = (fault: string): fault is ForeignFault => fault.startsWith('foreign_')

/** A plan's word for a foreign answer as the registry is told: `foreign_403_html_issued`. */
export function toForeign(on: Fault['on'], fault: ForeignFault): Fault {
  const status = Number(fault.split('_')[1])
  const form = FOREIGN_FORMS.find((each) => fault.includes(`_${each}`))
  return { on, fault: 'foreign', status, form, issued: fault.endsWith('_issued') }
}
