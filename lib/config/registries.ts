/** ORCID's own addresses. */
export const hosts = {
  production: {
    issuer: 'https://orcid.org',
    member: 'https://api.orcid.org/v3.0',
    public: 'https://pub.orcid.org/v3.0',
  },
  sandbox: {
    issuer: 'https://sandbox.orcid.org',
    member: 'https://api.sandbox.orcid.org/v3.0',
    public: 'https://pub.sandbox.orcid.org/v3.0',
  },
} as const
