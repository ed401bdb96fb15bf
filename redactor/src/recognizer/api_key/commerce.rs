//! Payment, shops, shipping, travel.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "commerce_key",
    anchor: Anchor::Literals(&[
        "sk_live_",
        "sk_test_",
        "sk_prod_",
        "rk_live_",
        "rk_test_",
        "rk_prod_",
        "whsec_",
        "sq0atp-",
        "sq0csp-",
        "sq0idp-",
        "EAAA",
        "access_token$",
        "rzp_live_",
        "rzp_test_",
        "FLWSECK",
        "access-sandbox-",
        "access-development-",
        "access-production-",
        "shpat_",
        "shpca_",
        "shppa_",
        "shpss_",
        "shpua_",
        "shptka_",
        "pdl_",
        "EZAK",
        "EZTK",
        "duffel_",
        "xnd_",
        "APP_USR-",
        "pk_",
        "shippo_",
    ]),
    pattern: concat!(
        r"\b(?:",
        // Stripe and those that copy it; webhook secrets of Stripe and Svix.
        r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/]{24,}={0,2}",
        // Square, PayPal and Braintree, Razorpay, Flutterwave, Plaid.
        r"|sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,}|EAAA[A-Za-z0-9_-]{56,}|access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}",
        r"|rzp_(?:live|test)_[A-Za-z0-9]{14,}|FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}(?:-X)?",
        r"|access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        // Shopify, Paddle, Shippo, EasyPost, Duffel, Xendit, Mercado Pago.
        r"|shp(?:at|ca|pa|ss|ua|tka)_[a-fA-F0-9]{32}|pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}",
        r"|shippo_(?:live|test)_[A-Fa-f0-9]{40}|EZ[AT]K[A-Za-z0-9]{54}|duffel_(?:test|live)_[A-Za-z0-9_=-]{40,}",
        r"|xnd_(?:production|development)_[A-Za-z0-9]{30,}|APP_USR-\d{10,}-\d{6}-[a-f0-9]{32}-\d{6,}",
        // Keys of shops and services that begin like Stripe's, with a number or an environment.
        r"|pk_(?:prod|test|live)_[A-Z0-9]{28,}|pk_\d{5,10}_[A-Z0-9]{24,}|pk_[a-f0-9]{34}\b",
        r")",
    ),
    examples: &[
        concat!("sk_", "live_", "0a1B2c3D4e5F6g7H8i9J0a1B"),
        concat!("shp", "at_", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        concat!("sq0", "atp-", "0a1B2c3D4e5F6g7H8i9J0a"),
    ],
    counter_examples: &[
        "sk_live_",
        "task_test_something_long_enough",
        "sk_test_xxxxxxxxxxxxxxxxxxxxxxxx",
    ],
    ..KEY
};
