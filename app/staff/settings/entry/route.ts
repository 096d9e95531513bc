import { z } from 'zod'
import { settingsHref } from '@/app/staff/settings/_components/href'
import { readSettingsPage } from '@/app/staff/settings/_components/read-page'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { listTranslations } from '@/lib/config/languages'
import { settings } from '@/lib/config/settings'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { saveSettings } from '@/lib/settings/commands'
import { saveSettingsDraft } from '@/lib/settings/drafts'
import { readTyped, takeOver } from '@/lib/settings/typed'

const fields = z
  .object({
    section: z.string().max(20),
    locale: z.string().max(40).default(''),
    version: z.coerce.number().int().min(0).default(0),
    do: z.enum(['save', 'preview']).default('save'),
  })
  .catchall(z.union([z.string(), z.array(z.string()).transform((all) => all.at(-1) ?? '')]))

/** Saves the settings of a page, all of them or none, or shows the form again: with what is wrong, or with a preview. */
export const POST = formRoute(
  'write',
  fields,
  async ({ section: asked, locale: wanted, version, do: how, ...sent }, { requestId }) => {
    const actor = await requireStaff('changeSettings')
    const { section, locale, open } = readSettingsPage({ section: asked, locale: wanted })
    const href = settingsHref(section, locale)
    const { values, faults } = readTyped(open, sent, listTranslations())
    const draft = { section, locale, version, typed: sent, faults, isOutdated: false }
    if (how === 'save' && faults.length === 0) {
      const result = await saveSettings(actor, { values, version }, requestId)
      if ('saved' in result) return seeOther(`${href}&note=${result.saved > 0 ? 'saved' : 'same'}`)
      // They are followed by now.
      const current = { values: settings().values, languages: env().institution.languages }
      draft.typed = takeOver(sent, values, result.changedMeanwhile, current)
      draft.isOutdated = true
    }
    const id = await saveSettingsDraft(actor, draft)
    const where = faults.length > 0 ? (how === 'save' ? '&wrong=yes#wrong' : '#wrong') : '#preview'
    return seeOther(`${href}&draft=${id}${draft.isOutdated ? '#changed' : where}`)
  },
  { pageOf: ({ section, locale }) => hrefOf(section, locale) },
)

function hrefOf(asked: string, wanted: string): string {
  const { section, locale } = readSettingsPage({ section: asked, locale: wanted })
  return settingsHref(section, locale)
}
