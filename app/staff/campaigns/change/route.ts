import { z } from 'zod'
import { toTypedCampaign } from '@/app/staff/campaigns/_components/typed-form'
import { requireStaff } from '@/lib/auth/gates'
import { type CampaignKind, isStanding } from '@/lib/campaigns/campaign'
import { changeDraft, changeRunning } from '@/lib/campaigns/commands'
import { saveCampaignDraft } from '@/lib/campaigns/form-drafts'
import { findCampaign } from '@/lib/campaigns/queries'
import { listAskableScopes } from '@/lib/campaigns/readiness'
import { parseCampaign, stepField, type TypedCampaign, typedCampaign } from '@/lib/campaigns/schema'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { isBegunFrom } from '@/lib/mail/mail-text'
import { listTemplates } from '@/lib/mail/templates'

/** What a standing campaign has of the form: whom, when, why, and which words its mail has. The rest stays. */
const keepWords = (typed: TypedCampaign, kind: CampaignKind): TypedCampaign =>
  Object.fromEntries(
    Object.entries(typed).filter(
      ([name, value]) =>
        (name === stepField(1, 'template') && isBegunFrom(value, kind)) ||
        !/^(step|scope|reason)-|^mailMerge$/.test(name),
    ),
  )

const fields = typedCampaign.refine(({ campaign }) => z.uuid().safeParse(campaign).success)

/** Saves a campaign, or leads back to the form with what is wrong and everything that was typed. */
export const POST = formRoute(
  'write',
  fields,
  async ({ campaign: id = '', ...sent }, { requestId }) => {
    const actor = await requireStaff('writeCampaigns')
    const campaign = await findCampaign(id)
    const here = `/staff/campaigns/${id}`
    if (!campaign) return seeOther('/staff/campaigns')
    const isRunning = campaign.state !== 'draft'
    // A chosen view is copied, and the form of an open campaign has some of the fields.
    const { view = '', ...others } = sent
    const chosen = view === '' ? others : { ...others, filters: view.slice(view.indexOf('?')) }
    const before = toTypedCampaign(campaign)
    const typed = isRunning
      ? { ...before, newcomers: '', ...chosen }
      : isStanding(campaign)
        ? { ...before, newcomers: '', ...keepWords(chosen, campaign.kind), who: 'people' }
        : chosen
    const offered = {
      languages: env().institution.languages,
      scopes: [...new Set([...listAskableScopes(), ...(isRunning ? campaign.scopes : [])])],
      templates: (await listTemplates()).map(({ key }) => key),
    }
    const parsed = parseCampaign(typed, offered)
    if ('faults' in parsed) {
      const draft = await saveCampaignDraft(actor, id, { typed, faults: parsed.faults })
      return seeOther(`${here}/edit?draft=${draft}#wrong`)
    }
    const change = isRunning ? changeRunning : changeDraft
    return seeOther(`${here}?note=${(await change(actor, id, parsed.entry, requestId)) ? 'saved' : 'changed'}`)
  },
  { pageOf: ({ campaign }) => `/staff/campaigns/${campaign}/edit` },
)
