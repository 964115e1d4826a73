import { registrableDomain } from '@tocsin/domain/registrable-domain'

/** Services whose code sites add every day; a new one is told as a new host, and is no sign of an intrusion. */
const services = new Set(
  `google.com gstatic.com googleapis.com googletagmanager.com google-analytics.com googleadservices.com googlesyndication.com doubleclick.net
  googletagservices.com youtube.com youtube-nocookie.com ytimg.com recaptcha.net gvt1.com facebook.net facebook.com fbcdn.net instagram.com twitter.com x.com t.co
  twimg.com ads-twitter.com linkedin.com licdn.com pinterest.com pinimg.com tiktok.com ttwstatic.com snapchat.com sc-static.net redditstatic.com
  bing.com bing.net clarity.ms microsoft.com msecnd.net azureedge.net live.com office.com jquery.com jsdelivr.net cdnjs.com unpkg.com cloudflare.com
  cloudflareinsights.com cloudfront.net amazonaws.com amazon-adsystem.com media-amazon.com bootstrapcdn.com fontawesome.com typekit.net adobedtm.com
  adobe.com omtrdc.net demdex.net hotjar.com hotjar.io mouseflow.com crazyegg.com fullstory.com inspectlet.com luckyorange.com smartlook.com
  hubspot.com hs-scripts.com hs-analytics.net hsforms.net hsforms.com hs-banner.com hscollectedforms.net usemessages.com hsadspixel.net marketo.net marketo.com
  mktoresp.com pardot.com salesforce.com salesforceliveagent.com force.com exacttarget.com intercom.io intercomcdn.com drift.com driftt.com crisp.chat
  tawk.to zendesk.com zdassets.com zopim.com livechatinc.com olark.com freshworks.com freshchat.com tidio.co tidiochat.com userlike.com
  stripe.com stripe.network paypal.com paypalobjects.com braintreegateway.com braintree-api.com klarna.com klarnacdn.net adyen.com squareup.com squarecdn.com
  affirm.com afterpay.com checkout.com mollie.com shopify.com shopifycdn.com shopifysvc.com shopifycloud.com myshopify.com bigcommerce.com wixstatic.com wix.com parastorage.com
  squarespace.com squarespace-cdn.com wp.com wordpress.com w.org webflow.com website-files.com weebly.com editmysite.com
  optimizely.com vwo.com visualwebsiteoptimizer.com abtasty.com dynamicyield.com launchdarkly.com split.io segment.com segment.io mixpanel.com mxpnl.com
  amplitude.com heap.io heapanalytics.com posthog.com plausible.io fathom.com usefathom.com simpleanalytics.com matomo.cloud piwik.pro
  newrelic.com nr-data.net dynatrace.com datadoghq.com datadoghq-browser-agent.com sentry.io sentry-cdn.com bugsnag.com rollbar.com logrocket.io lr-ingest.com raygun.io
  cookielaw.org onetrust.com cookiebot.com cookieyes.com usercentrics.eu iubenda.com trustarc.com quantcast.com quantserve.com quantcount.com consensu.org didomi.io privacy-center.org
  trustpilot.com yotpo.com bazaarvoice.com reviews.io feefo.com judge.me powerreviews.com addthis.com sharethis.com addtoany.com disqus.com disquscdn.com
  criteo.com criteo.net taboola.com outbrain.com adroll.com adnxs.com rubiconproject.com pubmatic.com openx.net casalemedia.com scorecardresearch.com
  chartbeat.com chartbeat.net parsely.com krxd.net bluekai.com rlcdn.com adsrvr.org moatads.com doubleverify.com adsafeprotected.com media.net
  klaviyo.com mailchimp.com list-manage.com chimpstatic.com mailerlite.com sendinblue.com brevo.com convertkit.com activehosted.com omnisend.com attentivemobile.com privy.com
  onesignal.com pushwoosh.com pusher.com ably.io hcaptcha.com jwplayer.com jwpcdn.com jwplatform.com vimeo.com vimeocdn.com wistia.com wistia.net brightcove.com brightcove.net
  akamaihd.net akamaized.net go-mpulse.net fastly.net azure.com windows.net vercel-scripts.com vercel-insights.com netlify.com gravatar.com polyfill-fastly.io
  mapbox.com leafletjs.com here.com arcgis.com typeform.com jotform.com formstack.com calendly.com eventbrite.com opentable.com booking.com tripadvisor.com
  yandex.ru yandex.net yastatic.net mail.ru vk.com ok.ru baidu.com bdstatic.com qq.com alicdn.com cnzz.com jivosite.com callibri.ru roistat.com naver.net naver.com daumcdn.net kakao.com
  mediavine.com ezoic.net ezojs.com adthrive.com raptive.com sovrn.com skimresources.com viglink.com impactradius-event.com awin1.com dwin1.com zenaps.com shareasale.com rakuten.com
  cdninstagram.com gorgias.chat podium.com birdeye.com callrail.com calltrk.com ctctcdn.com constantcontact.com userway.org accessibe.com acsbapp.com equalweb.com audioeye.com
  authorize.net conekta.io openpay.mx pagseguro.com.br pagseguro.uol.com.br mercadopago.com mlstatic.com razorpay.com paystack.co flutterwave.com culqi.com
  pay.jp omise.co iyzipay.com 2checkout.com worldpay.com cybersource.com bluesnap.com ewaypayments.com moneris.com payeezy.com spreedly.com recurly.com
  chargebee.com paymill.com ebanx.com pagar.me cielo.com.br iugu.com gocardless.com sagepay.com opayo.eu.elavon.com redsys.es payu.com payline.com hipay.com wirecard.com unzer.com ogone.com bambora.com quickpay.net
  xendit.co midtrans.com payfast.co.za cardinalcommerce.com sezzle.com zip.co
  githubusercontent.com github.io gitlab.io unbounce.com instapage.com leadfeeder.com lfeeder.com 6sc.co demandbase.com bizible.com zoominfo.com g2crowd.com capterra.com statcounter.com histats.com`.split(
    /\s+/,
  ),
)

/** Where code that mines in visitors' browsers comes from. */
const miners = new Set(
  `coinhive.com coin-hive.com authedmine.com cnhv.co coinhive-proxy.party crypto-loot.com cryptoloot.pro cryptaloot.pro crypto-webminer.com webmine.cz webmine.pro
  webminepool.com webminerpool.com coinimp.com coinimp.net hashing.win freecontent.bid freecontent.date freecontent.stream hostingcloud.racing hostingcloud.science
  hostingcloud.faith hostingcloud.party hostingcloud.accountant minero.cc minero.pw minr.pw monerominer.rocks moneroocean.stream jsecoin.com coinerra.com coin-have.com
  coinnebula.com coinpirate.cf coinpot.co ppoi.org projectpoi.com mineralt.io gus.host xmrminingproxy.com xmrm.pw reasedoper.pw mataharirama.xyz  lmodr.biz
  minecrunch.co inwemo.com  afminer.com deepminer.net deepc.cc coinblind.com bmst.pw  browsermine.com nerohut.com cloudcoins.co monkeyminer.net
   cookiescriptcdn.pro webassembly.stream ad-miner.com    adless.io `.split(/\s+/),
)

/** Hosts that campaigns against many sites have used; none ever served anything else. */
const campaigns = new Set(
  `dontkinhooot.tw lowerbeforwarden.ml linetoadsactive.com lovegreenpencils.ga letsmakeparty3.ga letsmakeparty4.ga trackstatisticsss.com legendarytable.com
  specialcraftbox.com stratosbody.com collectfasttracks.com specialtaskevents.com blackentertainments.com transandfiestas.ga declarebusinessgroup.ga beforwardplay.com
  adsforbusines.com wiilberedmodels.com donatelloflowfirstly.ga belonnanotservice.ga stivenfernando.com violetlovelines.com travelfornamewalking.ga drakefollow.com
  developerstatss.ga talkingaboutfirms.ga gotosecond2.com cuttraffic.com bestprize-places-here1.life google-anaiytics.com googie-anaiytics.com google-analytics.cm
  magento-analytics.com jquery-cdn.top jquerys.net jquery-js.com cdn-jquery.com jqueryextplugin.com jquery-ui.pw jquerycode.site jquerycloud.net googletagmanages.com googletagmanager.eu
  g-analytics.com googlc-analytics.cm google-statik.pw gstatlcs.com g-statistic.com cdnpack.net mage-cdn.link font-staticx.com fontsawesome.gq bootstraptag.com
  braintform.com js-cloudflare.com magesource.su hemnes.win fileskeeper.org traffictrade.life somelandingpage.com irc.lovegreenpencils.ga clickandanalytics.com
  ndsxfkjfvhdsh.com taxgotheart.com fast-jscript.com weatherplllatform.com promsmotion.com startperfectsolutions.com scriptsplatform.com cloudwebhub.pro sortyellowapples.com
  infosystemsllc.com ads.financeguideblog.com unionadjs.com xhsbpza.com macoms.la newcrbpc.com`.split(/\s+/),
)

const cheapTlds =
  /\.(?:xyz|top|online|site|icu|shop|club|pw|tk|ga|cf|gq|ml|su|cc|ws|click|link|life|space|website|fun|store|buzz|rest|cam|bid|win|date|stream|party|review|racing|science|accountant|faith|loan|download|trade|men|work|monster|cyou|sbs|cfd|lol|quest|bond|today|press|best|world)$/
const brands =
  /goog[l1i]e?|gstat|jquery|analyt|bootstrap|cloudf[l1]are|faceb[o0]{2}k|wordpress|recaptcha|fontawesome|tagmanag|paypa[l1]|stripe|magento/

/** Host names that stand in a text as an address, in lower case; a hundred at most. */
export function hostsIn(text: string): string[] {
  const found = new Set<string>()
  for (const match of text.matchAll(
    /(?:https?:|wss?:)?(?:\\?\/){2}(?:[\w.-]{0,60}@)?([a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3})(?![\w.-])/gi,
  )) {
    const host = match[1]?.toLowerCase()
    if (host !== undefined) found.add(host)
    if (found.size >= 100) break
  }
  return [...found]
}

/** Who is behind a host: the domain, or the host itself when it is an address. */
export const ownerOf = (host: string): string => registrableDomain(host) ?? host.toLowerCase()

const isOneOf = (host: string, set: ReadonlySet<string>): boolean => {
  const labels = host.toLowerCase().split('.')
  return labels.some((_, index) => set.has(labels.slice(index).join('.')))
}

export const isService = (host: string): boolean => isOneOf(host, services)
export const isMiner = (host: string): boolean => isOneOf(host, miners)
export const isCampaign = (host: string): boolean => isOneOf(host, campaigns)

/** A host of the kind that is rented for a few days: a cheap ending, an address, a borrowed name, letters at random. */
export function isOddHost(host: string): boolean {
  if (isService(host)) return false
  if (/^\d+(\.\d+){3}$/.test(host) || host.includes('xn--')) return true
  const owner = ownerOf(host)
  return cheapTlds.test(owner) || brands.test(owner) || /[bcdfghjklmnpqrstvwxz]{6,}/.test(owner.split('.')[0] ?? '')
}
