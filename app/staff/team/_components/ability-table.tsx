import { Check, Minus } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { TableHead } from '@/app/staff/_components/table-head'
import type { Role } from '@/lib/actor'
import { type Ability, abilityNames, may, ruleOf } from '@/lib/staff/abilities'
import { roles } from '@/lib/staff/staff'

/** What each role may do, asked of what the gates ask. */
export async function AbilityTable() {
  const t = await getTranslations('staff')
  return (
    <table className="abilities">
      <TableHead caption={t('team.meaning')} heads={[t('team.ability'), ...roles.map((role) => t(`roles.${role}`))]} />
      <tbody>
        {abilityNames.map((ability) => (
          <tr key={ability}>
            <th scope="row" className="font-normal">
              {t(`team.abilities.${ability}`)}
              <Needs ability={ability} />
            </th>
            {roles.map((role) => (
              <Mark key={role} isGiven={may({ role, departments: null, mayExport: true }, ability)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

async function Needs({ ability }: { ability: Ability }) {
  const t = await getTranslations('staff.team.needs')
  const { right, recent, limited } = ruleOf(ability)
  const words = [limited ? t('limited') : null, right ? t('export') : null, recent ? t('recent') : null].filter(Boolean)
  return words.length > 0 ? <small className="note block">{words.join(' ')}</small> : null
}

async function Mark({ isGiven }: { isGiven: boolean }) {
  const t = await getTranslations('staff.team.marks')
  const Shape = isGiven ? Check : Minus
  return (
    <td className={isGiven ? undefined : 'text-ink-soft'}>
      <Shape size={20} aria-hidden />
      <span className="sr-only">{t(isGiven ? 'yes' : 'no')}</span>
    </td>
  )
}

/**
 * What somebody with this role may do besides what the roles below it may. Beside a form with the limits, only what
 * still holds with those that are chosen in it.
 */
export async function AbilityList({ role }: { role: Role }) {
  const t = await getTranslations('staff.team')
  const below = roles[roles.indexOf(role) - 1]
  const rightsOf = (one: Role) => ({ role: one, departments: null, mayExport: true })
  const added = abilityNames.filter(
    (ability) => may(rightsOf(role), ability) && !(below && may(rightsOf(below), ability)),
  )
  return (
    <ul className="list-disc space-y-1 ps-5">
      {added.map((ability) => (
        <li key={ability} className={role === 'admin' ? undefined : hiddenBy(ability)}>
          {t(`abilities.${ability}`)}
        </li>
      ))}
    </ul>
  )
}

function hiddenBy(ability: Ability): string {
  const { limited, right } = ruleOf(ability)
  return [
    limited ? '' : '[section:has([name=limit][value=some]:checked)_&]:hidden',
    right === 'export' ? '[section:not(:has([name=export]:checked))_&]:hidden' : '',
  ].join(' ')
}
