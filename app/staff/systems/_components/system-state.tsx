import { getTranslations } from 'next-intl/server'
import { State } from '@/app/_components/state'
import { toDay } from '@/lib/config/day'

type Props = { isStopped: boolean; expiresOn: string | null; hasKey: boolean; wasUsed: boolean }

const shapes = {
  running: 'connected',
  stopped: 'ended',
  expired: 'expired',
  no_key: 'not_connected',
  unused: 'identity_only',
} as const

export function stateOf({ isStopped, expiresOn, hasKey, wasUsed }: Props): keyof typeof shapes {
  if (isStopped) return 'stopped'
  if (expiresOn && expiresOn < toDay(new Date())) return 'expired'
  if (!hasKey) return 'no_key'
  return wasUsed ? 'running' : 'unused'
}

/** Whether a system may send requests: a shape and a word. */
export async function SystemState(props: Props) {
  const t = await getTranslations('staff.systems.states')
  const state = stateOf(props)
  return <State state={shapes[state]}>{t(state)}</State>
}
