//! Providers of language models, embeddings, speech and search for them.

use super::{Anchor, KEY, Recognizer};

pub(super) const KEYS: Recognizer = Recognizer {
    name: "ai_provider_key",
    anchor: Anchor::Literals(&[
        "sk-",
        "csk-",
        "sess-",
        "hf_",
        "api_org_",
        "r8_",
        "gsk_",
        "xai-",
        "pplx-",
        "nvapi-",
        "tgp_v1_",
        "lsv2_",
        "pcsk_",
        "wandb_v1_",
        "jina_",
        "tvly-",
        "fc-",
        "e2b_",
        "llx-",
        "rpa_",
        "esecret_",
        "cpk_",
        "sk_car_",
        "flp_",
    ]),
    pattern: concat!(
        r"\b(?:",
        // Anthropic, OpenRouter, Langfuse, Helicone, OpenAI and the many that copy its `sk-`.
        r"sk-ant-[a-z]{2,8}[0-9]{2,3}-[A-Za-z0-9_-]{20,}|sk-or-v1-[a-f0-9]{64}",
        r"|sk-(?:lf|helicone)-[A-Za-z0-9-]{20,}",
        r"|sk-(?:proj|svcacct|admin|None|service)-[A-Za-z0-9_-]{20,}|c?sk-[A-Za-z0-9]{20,}",
        r"|sess-[A-Za-z0-9]{40}",
        // Hugging Face, Replicate, Groq, xAI, Perplexity, NVIDIA, Together.
        r"|(?:hf|api_org)_[A-Za-z]{34,}|r8_[A-Za-z0-9]{37,}|gsk_[A-Za-z0-9]{48,}|xai-[A-Za-z0-9_]{70,}",
        r"|pplx-[A-Za-z0-9]{40,}|nvapi-[A-Za-z0-9_-]{60,}|tgp_v1_[A-Za-z0-9_-]{40,}",
        // LangSmith, Pinecone, Weights & Biases, Jina, Tavily, Firecrawl, E2B, LlamaCloud, RunPod.
        r"|lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}|pcsk_[A-Za-z0-9]{4,8}_[A-Za-z0-9]{50,}",
        r"|wandb_v1_[A-Za-z0-9_]{40,}|jina_[A-Za-z0-9_-]{40,}|tvly-(?:dev-|prod-)?[A-Za-z0-9]{20,}|fc-[a-f0-9]{32}",
        r"|e2b_[a-f0-9]{40}|llx-[A-Za-z0-9]{40,}|rpa_[A-Z0-9]{32,}",
        // Anyscale, Chutes, Cartesia, Friendli.
        r"|esecret_[A-Za-z0-9]{20,}|cpk_[a-f0-9]{32}\.[A-Za-z0-9.]{32,}",
        r"|sk_car_[A-Za-z0-9]{20,}|flp_[A-Za-z0-9]{40,}",
        r")",
    ),
    examples: &[
        concat!("sk", "-", "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F"),
        concat!("sk", "-proj-", "0a1B2c3D4e5F6g7H8i9J_0a1B2c3D"),
        concat!("sk", "-ant-", "api03-", "0a1B2c3D4e5F6g7H8i9J0a1B"),
        concat!("h", "f_", "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH"),
        concat!(
            "g",
            "sk_",
            "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F"
        ),
    ],
    counter_examples: &[
        "sk-learn",
        "risk-proj-assessment-of-the-year",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-ant-api03-",
        "sk-antique-furniture-of-the-century",
        "hf_hub_download",
    ],
    ..KEY
};
