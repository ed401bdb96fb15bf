"""Makes Hugging Face folders with random weights, for measuring speed and for tests.

Speed depends on a model's shape and not on what it learned, so a random model of a known shape
stands for the real one where that can't be downloaded. The same seed gives the same bytes.
"""

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from nearside_export.folder import write_json

SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
PAD_ID, BOS_ID, EOS_ID = 0, 1, 2
MLP_PARTS = ("gate_proj", "up_proj", "down_proj")
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def shape(hidden, layers, heads, kv_heads, inner, vocabulary, **others) -> dict:
    """The part of `config.json` that differs from model to model."""
    return {
        "model_type": "llama",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "intermediate_size": inner,
        "vocab_size": vocabulary,
        "rope_theta": 10000.0,
        "max_position_embeddings": 8192,
        "tie_word_embeddings": True,
        **others,
    }


ARCHITECTURES = {
    "llama": "LlamaForCausalLM",
    "mixtral": "MixtralForCausalLM",
    "qwen3_moe": "Qwen3MoeForCausalLM",
}
UNTIED = {"max_position_embeddings": 256, "tie_word_embeddings": False, "num_experts_per_tok": 2}
MIXTRAL = {"model_type": "mixtral", "num_local_experts": 4, **UNTIED}
QWEN3_MOE = {"model_type": "qwen3_moe", "num_experts": 4, "norm_topk_prob": False, "head_dim": 16, **UNTIED}
SHAPES = {
    "smollm2-135m": shape(576, 30, 9, 3, 1536, 49152, rope_theta=100000.0),
    "smollm2-360m": shape(960, 32, 15, 5, 2560, 49152, rope_theta=100000.0),
    "tinyllama-1.1b": shape(2048, 22, 32, 4, 5632, 32000, max_position_embeddings=2048, tie_word_embeddings=False),
    "tiny-llama": shape(32, 2, 2, 1, 64, 320, max_position_embeddings=256),
    "tiny-mixtral": shape(32, 2, 2, 1, 32, 320, **MIXTRAL),
    "tiny-qwen3-moe": shape(32, 2, 2, 1, 64, 320, moe_intermediate_size=32, **QWEN3_MOE),
}


def write_random_model(name: str, target: Path, seed: int = 1, gain: float = 1.0) -> None:
    """A folder with configuration, weights and tokenizer. `gain` widens the weights: logits that
    lie further apart make a greedy path that rounding does not change."""
    config = SHAPES[name] | {
        "architectures": [ARCHITECTURES[SHAPES[name]["model_type"]]],
        "hidden_act": "silu",
        "rms_norm_eps": 1e-5,
        "bos_token_id": BOS_ID,
        "eos_token_id": EOS_ID,
        "pad_token_id": PAD_ID,
    }
    target.mkdir(parents=True, exist_ok=True)
    save_file(random_tensors(config, np.random.default_rng(seed), gain), target / "model.safetensors")
    random_tokenizer(config["vocab_size"]).save(str(target / "tokenizer.json"))
    write_json(target / "config.json", config)
    ids = {"bos_token_id": BOS_ID, "eos_token_id": [EOS_ID], "pad_token_id": PAD_ID, "do_sample": False}
    write_json(target / "generation_config.json", ids)
    write_json(target / "tokenizer_config.json", tokenizer_config(config["max_position_embeddings"]))


def random_tensors(config: dict, rng: np.random.Generator, gain: float) -> dict[str, np.ndarray]:
    """All tensors in float32 under their names in transformers."""

    def matrix(rows: int, columns: int) -> np.ndarray:
        return rng.standard_normal((rows, columns), np.float32) * np.float32(gain / np.sqrt(columns))

    hidden = config["hidden_size"]
    kv_width = hidden // config["num_attention_heads"] * config["num_key_value_heads"]
    tensors = {"model.embed_tokens.weight": matrix(config["vocab_size"], hidden)}
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}"
        for part, rows in {"q": hidden, "k": kv_width, "v": kv_width, "o": hidden}.items():
            tensors[f"{prefix}.self_attn.{part}_proj.weight"] = matrix(rows, hidden)
        for part, (rows, columns) in feed_forward_parts(config).items():
            tensors[f"{prefix}.{part}.weight"] = matrix(rows, columns)
        for part in ("input_layernorm", "post_attention_layernorm"):
            tensors[f"{prefix}.{part}.weight"] = np.ones(hidden, np.float32)
        if config["model_type"] == "qwen3_moe":
            for part in ("q_norm", "k_norm"):
                tensors[f"{prefix}.self_attn.{part}.weight"] = 1 + matrix(1, config["head_dim"])[0]
    tensors["model.norm.weight"] = np.ones(hidden, np.float32)
    if not config["tie_word_embeddings"]:
        tensors["lm_head.weight"] = matrix(config["vocab_size"], hidden)
    return tensors


def feed_forward_parts(config: dict) -> dict[str, tuple[int, int]]:
    """Names and sizes of the matrices in the second half of a layer."""
    hidden, inner = config["hidden_size"], config.get("moe_intermediate_size", config["intermediate_size"])
    wide, narrow = (inner, hidden), (hidden, inner)
    if config["model_type"] == "llama":
        return dict(zip((f"mlp.{part}" for part in MLP_PARTS), (wide, wide, narrow)))
    mixtral = config["model_type"] == "mixtral"
    prefix, gate, up, down = ("block_sparse_moe", "w1", "w3", "w2") if mixtral else ("mlp", *MLP_PARTS)
    count = config["num_local_experts"] if mixtral else config["num_experts"]
    parts = {f"{prefix}.gate": (count, hidden)}
    for expert in range(count):
        name = f"{prefix}.experts.{expert}"
        parts |= {f"{name}.{gate}": wide, f"{name}.{down}": narrow, f"{name}.{up}": wide}
    return parts


def random_tokenizer(vocabulary: int) -> Tokenizer:
    """Byte-level BPE whose merges are all words of two letters, of three, and so on."""
    tokens = [*SPECIAL_TOKENS, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    merges, words = [], ["Ġ", *letters]
    while len(tokens) + len(merges) < vocabulary:
        merges += [(word, letter) for word in words for letter in letters]
        words = ["".join(merge) for merge in merges[-len(words) * len(letters) :]]
    merges = merges[: vocabulary - len(tokens)]
    ids = {token: index for index, token in enumerate([*tokens, *("".join(merge) for merge in merges)])}
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS])
    return tokenizer


def tokenizer_config(context: int) -> dict:
    """`tokenizer_config.json`, with a chat template."""
    return {
        "bos_token": SPECIAL_TOKENS[BOS_ID],
        "chat_template": TEMPLATE,
        "clean_up_tokenization_spaces": False,
        "eos_token": SPECIAL_TOKENS[EOS_ID],
        "model_max_length": context,
        "pad_token": SPECIAL_TOKENS[PAD_ID],
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
