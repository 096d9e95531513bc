import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { ListedItem } from '@/app/staff/_components/attention-items'
import type { AttentionAction } from '@/lib/staff/attention'

type Props = {
  item: ListedItem
  /** When the items were counted. */
  at: Date
  action: AttentionAction
  /** More fields. */
  children?: ReactNode
}

/** Takes an item, gives it back, or settles it. */
export async function AttentionButton({ item: { key, count, words, status }, at, action, children }: Props) {
  const t = await getTranslations('staff.attention')
  const name = t(`actions.${action === 'take' && status?.holder ? 'take_over' : action}`)
  return (
    <form method="post" action="/staff/attention/change" className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="item" value={key} />
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="count" value={count} />
      <input type="hidden" name="seen" value={at.toISOString()} />
      {status?.holder ? <input type="hidden" name="from" value={status.holder.id} /> : null}
      {children}
      <button type="submit" aria-label={`${name}: ${words}`} className="btn btn-quiet text-sm">
        {name}
      </button>
    </form>
  )
}
