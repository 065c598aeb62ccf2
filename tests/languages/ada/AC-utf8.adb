with Ada.Text_IO; use Ada.Text_IO;

procedure Utf8 is
begin
   Put_Line (Get_Line);
   Put_Line ("ầ😀");
end Utf8;
