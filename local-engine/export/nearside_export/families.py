"""Reads `config.json` into an architecture, family by family.

A family that is not listed is refused: a graph that leaves out what it does not know would look
right on short prompts and be wrong.
"""

from nearside_export.architecture import Architecture, Attention, Experts
from nearside_export.errors import ExportError
from nearside_export.rotary import original_window, rotary_of

FAMILIES = (
    "llama",
    "mistral",
    "mixtral",
    "qwen2",
    "qwen3",
    "qwen3_moe",
    "smollm3",
    "phi3",
    "gemma2",
    "gemma3_text",
)
GEMMA = ("gemma2", "gemma3_text")
ACTIVATIONS = {"silu": "silu", "gelu_pytorch_tanh": "gelu_tanh"}


def read_architecture(config: dict, context: int | None = None) -> Architecture:
    """The architecture that a configuration describes, with at most `context` tokens.

    Raises `ExportError` for what can't be expressed or is missing.
    """
    try:
        return described(config, context)
    except KeyError as error:
        raise ExportError(f"config.json lacks {error}") from error


def described(config: dict, context: int | None) -> Architecture:
    """The same; raises `KeyError` for what is missing."""
    family = config.get("model_type")
    if family not in FAMILIES:
        raise ExportError(f"model_type `{family}` is not known; known: {', '.join(FAMILIES)}")
    activation = config.get("hidden_activation") or config["hidden_act"]
    if activation not in ACTIVATIONS:
        raise ExportError(f"activation `{activation}` is not known; known: {', '.join(ACTIVATIONS)}")
    heads, hidden = config["num_attention_heads"], config["hidden_size"]
    head_size = config.get("head_dim") or hidden // heads
    scale = config.get("query_pre_attn_scalar", head_size) if family in GEMMA else head_size
    return Architecture(
        family=family,
        vocabulary=config["vocab_size"],
        hidden=hidden,
        heads=heads,
        kv_heads=config.get("num_key_value_heads") or heads,
        head_size=head_size,
        context=min(context or window_tokens(config), window_tokens(config)),
        norm_epsilon=config["rms_norm_eps"],
        layers=tuple(attention(config, layer, head_size) for layer in range(config["num_hidden_layers"])),
        attention_scale=float(scale**-0.5),
        activation=ACTIVATIONS[activation],
        attention_softcap=config.get("attn_logit_softcapping") or 0.0,
        final_softcap=config.get("final_logit_softcapping") or 0.0,
        # Gemma multiplies by the root in the precision of the weights; float32 here.
        embedding_scale=hidden**0.5 if family in GEMMA else 1.0,
        experts=experts(config),
    )


def attention(config: dict, layer: int, head_size: int) -> Attention:
    """How a layer attends: window and positions can differ from layer to layer."""
    local = is_local(config, layer)
    window = config.get("sliding_window") if local else None
    no_rope = config.get("no_rope_layers")
    if no_rope is not None and not no_rope[layer]:
        return Attention(None, window)
    return Attention(rotary_of(rope_settings(config, local), config, head_size), window)


def is_local(config: dict, layer: int) -> bool:
    """Whether a layer sees only a window of the past."""
    if config.get("use_sliding_window") is False or not config.get("sliding_window"):
        return False
    kinds = config.get("layer_types")
    if kinds:
        return kinds[layer] == "sliding_attention"
    family = config["model_type"]
    if family == "gemma2":
        return layer % 2 == 0
    if family == "gemma3_text":
        return (layer + 1) % config.get("sliding_window_pattern", 6) != 0
    if family in ("qwen2", "qwen3", "qwen3_moe"):
        return layer >= config.get("max_window_layers", 0)
    return True


def rope_settings(config: dict, local: bool) -> dict:
    """`rope_parameters` of newer configurations, or the older fields beside each other."""
    settings = config.get("rope_parameters")
    if settings and "full_attention" in settings:
        return settings["sliding_attention" if local else "full_attention"]
    if settings:
        return settings
    if local and "rope_local_base_freq" in config:
        return {"rope_theta": config["rope_local_base_freq"]}
    return {"rope_theta": config.get("rope_theta", 10000.0), **(config.get("rope_scaling") or {})}


def window_tokens(config: dict) -> int:
    """The most tokens the graph is right for."""
    rope = rope_settings(config, local=False)
    if "longrope" in (rope.get("rope_type"), rope.get("type")):
        return original_window(rope, config)
    return config["max_position_embeddings"]


def experts(config: dict) -> Experts | None:
    """The mixture of a Mixtral or a Qwen3-MoE, the same in every layer."""
    used = config.get("num_experts_per_tok")
    if config["model_type"] == "mixtral":
        return Experts(config["num_local_experts"], used, sums_to_one=True)
    if config["model_type"] == "qwen3_moe":
        if config.get("decoder_sparse_step", 1) != 1 or config.get("mlp_only_layers"):
            raise ExportError("some layers have experts and some have none; expected all to have them")
        return Experts(config["num_experts"], used, sums_to_one=config.get("norm_topk_prob", False))
    return None
