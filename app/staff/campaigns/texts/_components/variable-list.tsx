import { getTranslations } from 'next-intl/server'
import { blockVariables, listVariables } from '@/lib/mail/mail-text'

/** What may stand in braces in a text, and what it stands for. */
export async function VariableList({ basedOn }: { basedOn: string }) {
  const t = await getTranslations('staff.mailTexts.variables')
  const isBlock = (name: string) => blockVariables.some((one) => one === name)
  const all = listVariables(basedOn)
  const groups = [
    { title: t('inText'), names: all.filter((name) => !isBlock(name)) },
    { title: t('onLine'), names: all.filter(isBlock) },
  ].filter(({ names }) => names.length > 0)
  return (
    <section aria-labelledby="variables" className="space-y-3">
      <h2 id="variables">{t('title')}</h2>
      {groups.map(({ title, names }) => (
        <div key={title} className="space-y-1">
          <h3>{title}</h3>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
            {names.map((name) => (
              <div key={name} className="contents">
                <dt>
                  <code>{`{${name}}`}</code>
                </dt>
                <dd className="text-ink-soft">{t(name)}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      <p className="note">{t('foot')}</p>
    </section>
  )
}
