//! Binds memory that the engine owns to a graph's inputs and outputs.
//!
//! `ort` copies borrowed memory before it binds it to an input and refuses it for an output. A KV
//! cache that two graphs share, bound a few rows at a time, can be neither copied nor owned by one
//! tensor, so the functions here call ONNX Runtime's C API themselves. Outputs bound here are not
//! among those that `Session::run_binding` returns: they are read where they were bound.
#![expect(unsafe_code, reason = "ONNX Runtime takes and gives plain addresses")]

use std::{
    ffi::{CStr, c_void},
    ptr, slice,
};

use ort::{
    AsPointer,
    memory::{Allocator, MemoryInfo},
    ortsys,
    session::IoBinding,
    value::{DynTensor, Shape, TensorElementType},
};

/// Memory of the processor for one tensor.
#[derive(Debug)]
pub(super) struct Place {
    start: *mut c_void,
    bytes: usize,
    element: TensorElementType,
    shape: Shape,
}

impl Place {
    /// The start of `memory`, as a tensor of `shape`.
    ///
    /// # Errors
    /// The tensor is larger than the memory.
    pub(super) fn within<T>(
        memory: &mut [T],
        element: TensorElementType,
        shape: &[usize],
    ) -> ort::Result<Self> {
        let bytes = element.byte_size(shape.iter().product());
        let Some(bytes) = bytes.filter(|bytes| *bytes <= size_of_val(memory)) else {
            return Err(ort::Error::new("a tensor is larger than its memory"));
        };
        Ok(Self {
            start: memory.as_mut_ptr().cast(),
            bytes,
            element,
            shape: shape.iter().copied().collect(),
        })
    }

    /// Makes a tensor that refers to the memory, and hands it to `bind`.
    ///
    /// # Safety
    /// The memory is valid.
    unsafe fn with_value(
        &self,
        bind: impl FnOnce(*mut ort::sys::OrtValue) -> ort::Result<()>,
    ) -> ort::Result<()> {
        let memory = MemoryInfo::default();
        let mut value = ptr::null_mut();
        // SAFETY: the memory holds `bytes` bytes, as many as `shape` needs, and `value` takes the
        // address of the new tensor, which does not own the memory.
        ortsys![unsafe CreateTensorWithDataAsOrtValue(
            memory.ptr(),
            self.start,
            self.bytes,
            self.shape.as_ptr(),
            self.shape.len(),
            self.element.into(),
            &raw mut value
        )?];
        let bound = bind(value);
        // SAFETY: `value` was made above; a binding that keeps it holds a reference of its own.
        ortsys![unsafe ReleaseValue(value)];
        bound
    }
}

/// Binds `place` as the graph's input `name`.
///
/// # Safety
/// The memory stays where it is, and nothing else touches it while the binding runs, until the
/// name is bound to something else or the binding is dropped.
pub(super) unsafe fn bind_input(
    binding: &mut IoBinding,
    name: &CStr,
    place: &Place,
) -> ort::Result<()> {
    let binding = binding.ptr_mut();
    // SAFETY: the caller keeps the memory; both pointers are valid for the call.
    unsafe {
        place.with_value(|value| {
            ortsys![unsafe BindInput(binding, name.as_ptr(), value)?];
            Ok(())
        })
    }
}

/// Binds `place` as the graph's output `name`; the graph must fill exactly its shape.
///
/// # Safety
/// As for [`bind_input`].
pub(super) unsafe fn bind_output(
    binding: &mut IoBinding,
    name: &CStr,
    place: &Place,
) -> ort::Result<()> {
    let binding = binding.ptr_mut();
    // SAFETY: the caller keeps the memory; both pointers are valid for the call.
    unsafe {
        place.with_value(|value| {
            ortsys![unsafe BindOutput(binding, name.as_ptr(), value)?];
            Ok(())
        })
    }
}

/// Has each run make the graph's output `name` anew, in whatever shape.
///
/// Without this call before a run, what the last run made is written over, in its shape.
pub(super) fn bind_new_output(binding: &mut IoBinding, name: &CStr) -> ort::Result<()> {
    let memory = MemoryInfo::default();
    // SAFETY: all three pointers are valid for the call.
    ortsys![unsafe BindOutputToDevice(binding.ptr_mut(), name.as_ptr(), memory.ptr())?];
    Ok(())
}

/// Reads the bytes of the output that was bound first, after a run.
///
/// # Errors
/// There is none, or it is no tensor.
pub(super) fn read_first_output<T>(
    binding: &IoBinding,
    read: impl FnOnce(&[u8]) -> T,
) -> ort::Result<T> {
    let allocator = Allocator::default();
    let mut list = ptr::null_mut();
    let mut count = 0;
    // SAFETY: ONNX Runtime fills in a list made by this allocator, of values that are ours.
    ortsys![unsafe GetBoundOutputValues(
        binding.ptr(),
        allocator.ptr().cast_mut(),
        &raw mut list,
        &raw mut count
    )?];
    if list.is_null() || count == 0 {
        return Err(ort::Error::new("no output came back"));
    }
    // SAFETY: the list has `count` values, all valid until they are released below; the first is a
    // tensor in the processor's memory.
    let outcome = unsafe { tensor_bytes(*list) }.map(read);
    for index in 0..count {
        // SAFETY: as above; each is released once.
        ortsys![unsafe ReleaseValue(*list.add(index))];
    }
    // SAFETY: the list was made by this allocator.
    unsafe { allocator.free(list) };
    outcome
}

/// The bytes of a tensor in the processor's memory.
///
/// # Safety
/// `value` is such a tensor and is not released or written to while the bytes are used.
unsafe fn tensor_bytes<'a>(value: *mut ort::sys::OrtValue) -> ort::Result<&'a [u8]> {
    let mut start = ptr::null_mut();
    let mut length = 0;
    // SAFETY: the caller passes a valid tensor.
    ortsys![unsafe GetTensorMutableData(value, &raw mut start)?];
    // SAFETY: as above.
    ortsys![unsafe GetTensorSizeInBytes(value, &raw mut length)?];
    if length == 0 {
        return Ok(&[]);
    }
    // SAFETY: the tensor owns that many bytes, all written by the run.
    Ok(unsafe { slice::from_raw_parts(start.cast(), length) })
}

/// The bytes of a tensor that ONNX Runtime made in the processor's memory.
pub(super) fn bytes(tensor: &mut DynTensor) -> &mut [u8] {
    let length = tensor.size().unwrap_or(0);
    if length == 0 {
        return &mut [];
    }
    let start = tensor.data_ptr_mut();
    // SAFETY: the tensor owns that many initialized bytes and is borrowed mutably meanwhile.
    unsafe { slice::from_raw_parts_mut(start.cast(), length) }
}
