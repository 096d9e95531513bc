import { AFFILIATIONS } from '../records/item'

/** Attributes, and child elements in order, each with its namespace. */
export type ElementShape = { attributes: readonly string[]; children: readonly string[] }

const IDENTITY = 'common:uri common:path common:host'
const FUZZY_DATE = 'common:year common:month common:day'
const ITEM = '@put-code @visibility @display-index @path common:created-date common:last-modified-date common:source'
const EXTERNAL_ID = `${ITEM} common:external-id-type common:external-id-value common:external-id-normalized common:external-id-normalized-error common:external-id-url common:external-id-relationship`
const AFFILIATION = `${ITEM} common:department-name common:role-title common:start-date common:end-date common:organization common:url common:external-ids`
const NAME =
  '@visibility @path common:created-date common:last-modified-date personal-details:given-names personal-details:family-name personal-details:credit-name'
const BIOGRAPHY = '@visibility @path common:created-date common:last-modified-date personal-details:content'
const LIST = '@path common:last-modified-date'
const SUMMARY_ITEM =
  'summary:put-code summary:type summary:organization-name summary:role summary:url common:start-date common:end-date summary:validated'
const TALLY = 'summary:self-asserted-count summary:validated-count'

const ACTIVITY_LISTS = [
  ...['distinctions', 'educations', 'employments', 'fundings', 'invited-positions', 'memberships'],
  ...['peer-reviews', 'qualifications', 'research-resources', 'services', 'works'],
].map((list) => `activities:${list}`)

// The elements of ORCID's schemas that have attributes or elements (github.com/ORCID/orcid-model, common_3.0, record_3.0, summary_3.0).
const LISTED: Record<string, string> = {
  'common:orcid-identifier': IDENTITY,
  'common:source-orcid': IDENTITY,
  'common:source-client-id': IDENTITY,
  'common:contributor-orcid': IDENTITY,
  'common:assertion-origin-client-id': IDENTITY,
  'common:source':
    'common:source-orcid common:source-client-id common:source-name common:assertion-origin-client-id common:assertion-origin-name',
  'common:start-date': FUZZY_DATE,
  'common:end-date': FUZZY_DATE,
  'common:publication-date': FUZZY_DATE,
  'common:organization': 'common:name common:address common:disambiguated-organization',
  'common:address': 'common:city common:region common:country',
  'common:disambiguated-organization': 'common:disambiguated-organization-identifier common:disambiguation-source',
  'common:external-ids': 'common:external-id',
  'common:external-id': EXTERNAL_ID,
  'common:external-id-normalized': '@transient',
  'common:translated-title': '@language-code',

  'record:record':
    '@path common:orcid-identifier preferences:preferences history:history person:person activities:activities-summary',
  'preferences:preferences': 'preferences:locale',
  'history:history':
    'history:creation-method history:completion-date history:submission-date common:last-modified-date history:claimed common:source history:deactivation-date history:verified-email history:verified-primary-email',

  'person:person': `${LIST} person:name other-name:other-names person:biography researcher-url:researcher-urls email:emails address:addresses keyword:keywords external-identifier:external-identifiers`,
  'person:name': NAME,
  'person:biography': BIOGRAPHY,
  'personal-details:personal-details': `${LIST} personal-details:name other-name:other-names personal-details:biography`,
  'personal-details:name': NAME,
  'personal-details:biography': BIOGRAPHY,
  'other-name:other-names': `${LIST} other-name:other-name`,
  'other-name:other-name': `${ITEM} other-name:content`,
  'keyword:keywords': `${LIST} keyword:keyword`,
  'keyword:keyword': `${ITEM} keyword:content`,
  'researcher-url:researcher-urls': `${LIST} researcher-url:researcher-url`,
  'researcher-url:researcher-url': `${ITEM} researcher-url:url-name researcher-url:url`,
  'external-identifier:external-identifiers': `${LIST} external-identifier:external-identifier`,
  'external-identifier:external-identifier': EXTERNAL_ID,
  'address:addresses': `${LIST} address:address`,
  'address:address': `${ITEM} address:country`,
  'email:emails': `${LIST} email:email`,
  'email:email': `${ITEM} @verified @primary email:email`,

  'activities:activities-summary': `${LIST} ${ACTIVITY_LISTS.join(' ')}`,
  ...Object.fromEntries(ACTIVITY_LISTS.map((list) => [list, `${LIST} activities:affiliation-group activities:group`])),
  'activities:affiliation-group': `common:last-modified-date common:external-ids ${AFFILIATIONS.map((kind) => `${kind}:${kind}-summary`).join(' ')}`,
  'activities:group': 'common:last-modified-date common:external-ids work:work-summary funding:funding-summary',
  ...Object.fromEntries(
    AFFILIATIONS.flatMap((kind) => [`${kind}:${kind}`, `${kind}:${kind}-summary`]).map((name) => [name, AFFILIATION]),
  ),

  'work:work': `${ITEM} work:title work:journal-title work:short-description work:citation work:type common:publication-date common:external-ids common:url work:contributors common:language-code common:country`,
  'work:work-summary': `${ITEM} work:title common:external-ids common:url work:type common:publication-date work:journal-title`,
  'work:title': 'common:title common:subtitle common:translated-title',
  'work:citation': 'work:citation-type work:citation-value',
  'work:contributors': 'work:contributor',
  'work:contributor': 'common:contributor-orcid work:credit-name work:contributor-email work:contributor-attributes',
  'work:contributor-attributes': 'work:contributor-sequence work:contributor-role',

  'funding:funding': `${ITEM} funding:type funding:organization-defined-type funding:title funding:short-description funding:amount common:url common:start-date common:end-date common:external-ids funding:contributors common:organization`,
  'funding:funding-summary': `${ITEM} funding:title common:external-ids common:url funding:type common:start-date common:end-date common:organization`,
  'funding:title': 'common:title common:translated-title',
  'funding:amount': '@currency-code',
  'funding:contributors': 'funding:contributor',
  'funding:contributor':
    'common:contributor-orcid funding:credit-name funding:contributor-email funding:contributor-attributes',
  'funding:contributor-attributes': 'funding:contributor-role',

  'summary:record-summary':
    'common:created-date common:last-modified-date summary:credit-name common:orcid-identifier summary:external-identifiers summary:employments summary:professional-activities summary:fundings summary:works summary:peer-reviews summary:education-qualifications summary:research-resources summary:email-domains',
  'summary:external-identifiers': 'summary:external-identifier',
  'summary:external-identifier':
    'summary:put-code summary:external-id-type summary:external-id-value summary:external-id-url summary:validated',
  'summary:employments': 'summary:count summary:employment',
  'summary:employment': SUMMARY_ITEM,
  'summary:professional-activities': 'summary:count summary:professional-activity',
  'summary:professional-activity': SUMMARY_ITEM,
  'summary:education-qualifications': 'summary:count summary:education-qualification',
  'summary:education-qualification': SUMMARY_ITEM,
  'summary:fundings': TALLY,
  'summary:works': TALLY,
  'summary:email-domains': 'summary:count summary:email-domain',
  'summary:email-domain': 'summary:value summary:verification-date common:created-date common:last-modified-date',

  'error:error': 'error:response-code error:developer-message error:user-message error:error-code error:more-info',
}

export const ELEMENTS: ReadonlyMap<string, ElementShape> = new Map(
  Object.entries(LISTED).map(([name, text]) => {
    const parts = text.split(' ')
    return [
      name,
      {
        attributes: parts.filter((part) => part.startsWith('@')).map((part) => part.slice(1)),
        children: parts.filter((part) => !part.startsWith('@')),
      },
    ]
  }),
)
