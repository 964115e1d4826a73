/**
 * Programs that say what they are. What they measure is no visitor's experience: a crawler has a data centre's network, and a test of
 * speed loads the same page again and again. Those that pretend to be browsers are bounded by the rate of an address.
 */
const botWords =
  /(?<!cu)bot(?:\b|[/;_-])|crawl|spider|slurp|headless|phantomjs|lighthouse|pagespeed|gtmetrix|webpagetest|ptst|pingdom|uptime|monitor|datadog|synthetic|selenium|puppeteer|playwright|cypress|prerender|preview|facebookexternalhit|embedly|curl|wget|python|java\/|okhttp|go-http|libwww|axios|node-fetch|undici|httpclient|scrapy/i

/** A browser always says something, and something long. */
const userAgentMin = 20

export const isBot = (userAgent: string | undefined): boolean =>
  userAgent === undefined || userAgent.length < userAgentMin || botWords.test(userAgent)
