import { getTranslations } from 'next-intl/server'
import { State } from '@/app/_components/state'
import type { StateName } from '@/app/_components/state-shape'
import type { CampaignState as Code } from '@/lib/campaigns/campaign'

const shapes: Record<Code, StateName> = {
  draft: 'identity_only',
  open: 'connected',
  paused: 'expired',
  closed: 'ended',
}

/** Where a campaign is: a shape and a word. */
export async function CampaignState({ state }: { state: Code }) {
  const t = await getTranslations('staff.campaigns.states')
  return <State state={shapes[state]}>{t(state)}</State>
}
