import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'

type Props = {
  systemId: string
  planId: string
  action: 'run' | 'check' | 'trust' | 'key' | 'renew' | 'end'
  /** The key that the page shows. */
  hostKey?: string
  /** Behind a box to tick. */
  isSure?: boolean
}

/** A button that does something with files on a timetable. */
export async function PlanAction({ systemId, planId, action, hostKey, isSure }: Props) {
  const t = await getTranslations('staff.systems.files')
  const words = t(`actions.${action}`)
  const form = (
    <form method="post" action="/staff/systems/files/change" className={isSure ? 'mt-3 space-y-3' : undefined}>
      <input type="hidden" name="system" value={systemId} />
      <input type="hidden" name="plan" value={planId} />
      <input type="hidden" name="action" value={action} />
      {hostKey ? <input type="hidden" name="hostKey" value={hostKey} /> : null}
      {isSure ? <ConfirmCheckbox>{t(`sure.${action as 'end'}`)}</ConfirmCheckbox> : null}
      <button type="submit" className={action === 'end' ? 'btn btn-danger' : 'btn btn-quiet'}>
        {words}
      </button>
    </form>
  )
  if (!isSure) return form
  return (
    <details className="no-print" open={action === 'trust'}>
      <summary className="min-h-6 text-sm">{words}</summary>
      {form}
    </details>
  )
}
