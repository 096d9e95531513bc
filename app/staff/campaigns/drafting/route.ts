import { requireStaff } from '@/lib/auth/gates'
import { standingKinds } from '@/lib/campaigns/campaign'
import { draftCampaign, draftStandingCampaign } from '@/lib/campaigns/commands'
import { saveCampaignDraft } from '@/lib/campaigns/form-drafts'
import { parseCampaign, typedCampaign } from '@/lib/campaigns/schema'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const pageOf = () => '/staff/campaigns/new'

/** Begins a campaign as a draft, a standing one with everything that it needs, or leads back to the form with what is wrong and everything that was typed. */
export const POST = formRoute(
  'write',
  typedCampaign,
  async (typed, { requestId }) => {
    const actor = await requireStaff('writeCampaigns')
    const kind = standingKinds.find((one) => one === typed.kind)
    if (kind) return seeOther(`/staff/campaigns/${await draftStandingCampaign(actor, kind, requestId)}`)
    const { name: typedName = '', purpose: typedPurpose = '', filters = '' } = typed
    const kept = { name: typedName, purpose: typedPurpose, filters, who: filters ? 'people' : '' }
    const parsed = parseCampaign(kept, { languages: [], scopes: [], templates: [] })
    if ('faults' in parsed) {
      const draft = await saveCampaignDraft(actor, null, { typed: kept, faults: parsed.faults })
      return seeOther(`${pageOf()}?draft=${draft}#wrong`)
    }
    const { name, purpose, audience } = parsed.entry
    const id = await draftCampaign(actor, { name, purpose, audience, requestId })
    return seeOther(`/staff/campaigns/${id}/edit`)
  },
  { pageOf },
)
