import { getTranslations } from 'next-intl/server'
import { settingsHref } from '@/app/staff/settings/_components/href'
import type { readSettingsPage } from '@/app/staff/settings/_components/read-page'
import { SettingField } from '@/app/staff/settings/_components/setting-field'
import { getFaultWords, getSettingWords } from '@/app/staff/settings/_components/setting-words'
import { env } from '@/lib/config/env'
import { settings } from '@/lib/config/settings'
import { findLock } from '@/lib/settings/locks'
import { findPresent } from '@/lib/settings/present'
import type { SettingFault, Typed } from '@/lib/settings/typed'
import { findOurWords } from '@/lib/texts/asked'
import { parseTextKey } from '@/lib/texts/part'

type Props = {
  page: ReturnType<typeof readSettingsPage>
  version: number
  typed: Typed
  faults: readonly SettingFault[]
}

/** The settings of one page. What is wrong stands above the form and leads to its field, and at the field. */
export async function SettingsForm({ page: { section, locale, keys, open }, version, typed, faults }: Props) {
  const t = await getTranslations('staff.settings')
  const [toName, toFault] = [await getSettingWords(), await getFaultWords()]
  const ours = await findOurWords(locale, env().institution.name)
  const fields = keys.map((key) => {
    const part = parseTextKey(key)
    const fault = faults.find((one) => one.key === key)
    return (
      <SettingField
        key={key}
        name={key}
        label={toName(key)}
        typed={typed}
        fault={fault && toFault(fault)}
        lock={findLock(key)}
        present={findPresent(key)}
        isSet={key in settings().values}
        ours={part && ours(part)}
      />
    )
  })
  const firstReason = keys.findIndex((key) => key.includes('.reasons.'))
  return (
    <form method="post" action="/staff/settings/entry" className="space-y-6">
      {faults.length > 0 ? (
        <div id="wrong" role="alert" tabIndex={-1} className="card space-y-2 border-bad!">
          <h2>{t('wrong')}</h2>
          <ul className="list-disc space-y-1 ps-5">
            {faults.map((fault) => (
              <li key={fault.key}>
                <a href={`#${fault.key}`}>
                  {toName(fault.key)}: {toFault(fault)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <input type="hidden" name="section" value={section} />
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="version" value={version} />
      <p className="note">{t(`leads.${section}`)}</p>
      {firstReason < 0 ? fields : fields.slice(0, firstReason)}
      {firstReason < 0 ? null : (
        <fieldset className="space-y-6">
          <legend className="font-semibold text-lg">{t('reasons')}</legend>
          <p className="note">{t('reasonsLead')}</p>
          {fields.slice(firstReason)}
        </fieldset>
      )}
      {open.length > 0 ? (
        <div className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
          <button type="submit" name="do" value="save" className="btn btn-primary">
            {t('save')}
          </button>
          {section === 'identity' || section === 'texts' ? (
            <button type="submit" name="do" value="preview" className="btn btn-quiet">
              {t('showPreview')}
            </button>
          ) : null}
          <a href={settingsHref(section, locale)} className="inline-flex min-h-8 items-center">
            {t('cancel')}
          </a>
        </div>
      ) : null}
    </form>
  )
}
